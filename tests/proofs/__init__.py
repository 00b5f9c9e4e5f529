"""Proofs with z3 of what the code says: it is run itself, on symbols in place of numbers, in every way it can take."""
