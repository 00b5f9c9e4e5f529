"""Measures of rescuecalc: what is fast, what is not, and by how much it misses its goals."""
