"""The few questions asked in a window of their own."""
