"""Where the stand-alone program starts: the same door as `python -m fundtrack`."""

import sys

from fundtrack.__main__ import main

sys.exit(main())
