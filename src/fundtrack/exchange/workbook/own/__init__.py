"""The commissioner's own workbook: read as a grid, filled in the chosen cells only, and proved."""
