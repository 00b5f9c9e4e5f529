"""How the findings of `check` are printed: for people, pipelines and code hosts."""
