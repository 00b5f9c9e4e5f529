"""Text, Markdown, CSV, pictures and the formats of other programs; they calculate nothing."""
