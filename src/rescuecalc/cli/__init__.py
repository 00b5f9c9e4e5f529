"""The command line: one file a command, imported only when that command is called."""

import sys


def main() -> None:
    """Run the command line; an interrupt is 130 also while typer is still being imported."""
    try:
        from rescuecalc.cli.app import app  # noqa: PLC0415
    except KeyboardInterrupt:
        sys.exit(130)
    app(prog_name="rescuecalc")
