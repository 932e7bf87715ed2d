"""One post: its row in the register, its own page, and what ending it costs."""
