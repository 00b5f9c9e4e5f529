"""RC4: the dose."""
