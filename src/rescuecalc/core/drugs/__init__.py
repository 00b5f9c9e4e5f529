"""Drugs by their names and classes, and the names nearest to a misspelt one."""
