"""RC7: completeness, and what was not judged."""
