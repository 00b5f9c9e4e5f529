"""What a team has settled for its order sets: settings, suppressions, and the baseline of what is known."""
