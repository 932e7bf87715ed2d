"""The parts of the page that fills a funder's own workbook."""
