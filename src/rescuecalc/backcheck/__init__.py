"""The second route: what is about to be printed, calculated back from the printed document alone."""
