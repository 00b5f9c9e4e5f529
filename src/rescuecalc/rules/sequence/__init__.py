"""RC6: sequence and bridging."""
