"""Documents of the evidence: studies, their comparison, the strategy."""
