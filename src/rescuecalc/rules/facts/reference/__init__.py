"""What an order is held against: products, label rows, published ranges, the renal share, what a set is for."""
