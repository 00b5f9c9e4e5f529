"""What can be recomputed from the published figures."""
