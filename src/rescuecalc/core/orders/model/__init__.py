"""The order model: an order as a system of equations, its solution, and the smallest repair of its numbers."""
