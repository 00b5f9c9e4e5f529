"""Where numbers come from: sources, studies, strategies, and the limits that no publication states."""
