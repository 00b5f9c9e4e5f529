"""Mutation testing of the program and its data: decision 0024, `python -m tests.mutation --help`."""
