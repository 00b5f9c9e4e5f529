"""What every rule stands on: the declared rule, what it may know, and work that is done once."""
