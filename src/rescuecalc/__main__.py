"""``python -m rescuecalc``."""

from rescuecalc.cli import main

if __name__ == "__main__":
    main()
