"""Mutation testing of the program and its data: decision 0022, `python -m tests.mutation --help`."""
