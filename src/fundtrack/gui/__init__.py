"""The window: what a person sees, and how what they do becomes edits."""
