"""RC3: the order contradicts itself."""
