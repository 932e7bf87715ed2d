"""Keeps a small charity's funding and staffing in one file, and warns before money runs out."""

__version__ = "0.1.0"
