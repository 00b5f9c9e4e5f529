"""Entries by themselves and against protocols: contents, products, units, limits, published doses."""
