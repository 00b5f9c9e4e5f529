"""One plain document per result; text, CSV and Markdown only render that document."""
