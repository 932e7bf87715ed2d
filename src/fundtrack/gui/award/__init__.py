"""An award's own page, section by section; each section takes an award and asks for edits."""
