"""RC8: orders against a pump library, the library itself, and what protocols and a new version make of it."""
