"""The workbench of a return: its sheets, the cell one stands on, its checks, and its steps."""
