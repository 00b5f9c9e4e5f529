"""Pages of the evidence: studies, their comparison with its forest plot, the strategy."""
