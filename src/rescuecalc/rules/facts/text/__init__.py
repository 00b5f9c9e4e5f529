"""What the texts of an order tell: doses, drugs, steps, patients, and what cannot be read from them."""
