"""RC2: notation."""
