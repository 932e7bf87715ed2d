"""Files in and out: the interchange format, funders' published grants, workbooks."""
