"""From the infusion to oral antiplatelets: agents, coverage, and the whole plan."""
