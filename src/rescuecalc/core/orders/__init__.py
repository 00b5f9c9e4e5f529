"""An order as a system of equations: what its numbers say of each other, and the smallest repair."""
