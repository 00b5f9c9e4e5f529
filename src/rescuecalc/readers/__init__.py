"""From files to order sets: every field is its raw text, its place and, on demand, its quantity or why it is none."""
