"""The command line: one file a command, imported only when that command is called."""

from rescuecalc.cli.app import app, main

__all__ = ["app", "main"]
