"""The tables of a data file, and what is read from them alone: sources, products, protocols, renal rules."""
