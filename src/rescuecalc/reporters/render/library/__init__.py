"""Pages and tables of a pump library: its entries, and the findings about them."""
