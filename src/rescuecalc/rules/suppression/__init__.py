"""RC9: suppressions."""
