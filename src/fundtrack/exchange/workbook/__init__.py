"""Returns as workbooks: laid out, filled, with live formulas and the results beside them."""
