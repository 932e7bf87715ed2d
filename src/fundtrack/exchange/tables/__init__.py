"""Brings in the spreadsheets people already keep, as they are, and lets everything out again."""
