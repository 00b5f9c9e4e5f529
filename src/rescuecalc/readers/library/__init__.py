"""Reading pump libraries: native CSV, and a vendor's export through a declared mapping."""
