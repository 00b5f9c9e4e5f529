"""The command line: one file a command, imported only when that command is called."""

import gc
import sys


def main() -> None:
    """Run the command line; an interrupt is 130 also while typer is still being imported."""
    # A command lives for a quarter of a second and most of its objects as long: collecting them costs a tenth of it.
    gc.disable()
    try:
        from rescuecalc.cli.plain_call import plain_call  # noqa: PLC0415

        answer = plain_call(sys.argv[1:])
        if answer is not None:
            from rescuecalc.cli.exit_codes import ended  # noqa: PLC0415

            sys.exit(int(ended(answer)))
        from rescuecalc.cli.app import app  # noqa: PLC0415
    except KeyboardInterrupt:
        sys.exit(130)
    app(prog_name="rescuecalc")
