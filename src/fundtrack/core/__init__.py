"""The sums and the rules: plain functions over frozen values; no clock, no files, no window."""
