"""The sums and the rules: plain functions over frozen values, with no clock, no files and no window."""
