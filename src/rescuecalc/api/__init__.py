"""The library: what the commands do, as functions with immutable results. `import rescuecalc` offers it."""
