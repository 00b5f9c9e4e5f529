"""RC5: renal function."""
