"""Completion in shells: the scripts, and the values that they offer."""
