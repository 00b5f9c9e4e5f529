"""Mutation testing of the program and its data: decision 0023, `python -m tests.mutation --help`."""
