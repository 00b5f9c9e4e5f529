"""Creatinine clearance, and what the labels do at it."""
