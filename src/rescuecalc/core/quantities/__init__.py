"""Quantities with their units: the closed set of units, decimal text, roles, formulas and UCUM codes."""
