"""An order set through the order model: its systems, what explains them, and how the results read."""
