"""Pump drug libraries: what a pump asks for, where it warns and where it stops; pure data, whoever wrote the file."""
