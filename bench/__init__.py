"""Speed, measured as ratios against others in one run: `python3 dev.py bench`."""
