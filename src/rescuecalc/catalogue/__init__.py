"""Packaged and site-local TOML as protocols, products, sources and limits; an entry without a source is refused."""
