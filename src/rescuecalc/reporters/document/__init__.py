"""One plain document a result; everything that is printed renders one of these."""
