"""Requests about protocols: the one that is chosen, what is found in its file, its page and template."""
