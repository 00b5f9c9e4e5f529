"""Random orders as hospitals write them, a brute-force oracle, and how well `check` does on both."""
