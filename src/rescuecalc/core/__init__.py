"""The pure calculation: no input or output, no clock, no randomness."""
