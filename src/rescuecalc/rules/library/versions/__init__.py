"""Two versions of a library: what a change of an entry does to orders."""
