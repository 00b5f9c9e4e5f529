"""The words of a text for people: quantities, tables, repeats, frequencies, in the digits and units they say."""
