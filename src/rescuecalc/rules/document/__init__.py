"""RC1: the document."""
