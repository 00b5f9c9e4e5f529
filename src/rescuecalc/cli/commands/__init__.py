"""The commands, a module each: their options, and what they ask of the library."""
