"""An order and the entry that gives it: what the pump does at its limits."""
