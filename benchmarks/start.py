"""What a call costs that asks for one thing: the processor's time of a process, as a ratio to a peer's of the same run.

The peers are what any command line of this kind pays at least: `typer` alone, and `typer` with a closed registry of
`pint`. Processes alternate, and the fastest of each counts: what others do on the machine only ever adds.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final, NamedTuple

from benchmarks.check import cost

if TYPE_CHECKING:
    from pathlib import Path

_HELLO: Final = """import typer
{more}
app = typer.Typer()
@app.command()
def hello(name: str = "you") -> None:
    typer.echo(f"hello {{name}}")
app()
"""
_PINT: Final = """import sys
sys.modules["numpy"] = None  # pint imports it where it is installed, and would take twice as long
import pint
registry = pint.UnitRegistry(None, on_redefinition="ignore")
for line in ("g = [mass] = gram", "kg = 1000 * g", "L = [volume] = litre", "min = [time] = minute", "h = 60 * min"):
    registry.define(line)
"""
_YAML: Final = """order_set: Rescue
patient: {weight: 80 kg}
orders:
  - {id: d1, drug: tirofiban, route: IV, kind: infusion, dose_rate_per_kg: 0.15 mcg/kg/min,
     concentration: 50 mcg/mL, pump_rate: 14.4 mL/h, run_time: 24 h}
"""


class Ratio(NamedTuple):
    """One line: what a call costs as a multiple of its peer, and the most that is wanted."""

    name: str
    value: float
    goal: float
    peer: str


class _Call(NamedTuple):
    name: str
    words: tuple[str, ...]
    goal: float
    peer: str


_BARE, _WITH_PINT = "typer hello", "typer + pint"
_CALLS: Final = (
    _Call(
        "`dose --format json`",
        ("dose", "yang-2020-iv", "--weight", "80kg", "--run-time", "24h", "--format", "json"),
        0.75,
        _WITH_PINT,
    ),
    _Call("`check one.yaml`", ("check", "one.yaml"), 1.0, _WITH_PINT),
    _Call("`check one.json` (FHIR)", ("check", "fhir.json"), 1.0, _WITH_PINT),
    _Call("`--help`", ("--help",), 1.25, _BARE),
    _Call("`--version`", ("--version",), 1.25, _BARE),
    _Call("`rule RC301`", ("rule", "RC301"), 1.25, _BARE),
    _Call("`protocol list`", ("protocol", "list"), 1.25, _BARE),
)


def start_up(folder: Path, times: int = 9) -> list[Ratio]:
    """Return what each call costs; ``times`` processes of each are started in turn."""
    from benchmarks.fhir import write_fhir  # noqa: PLC0415
    from benchmarks.orders import order_sets  # noqa: PLC0415

    (folder / "one.yaml").write_text(_YAML, encoding="utf-8")
    with (folder / "fhir.json").open("w", encoding="utf-8") as file:
        write_fhir(file, [{**made, "orders": made["orders"][:1]} for made in order_sets(1, 1)])
    peers = {_BARE: _HELLO.format(more=""), _WITH_PINT: _HELLO.format(more=_PINT)}
    commands: dict[str, tuple[str, ...]] = {name: (sys.executable, "-c", text) for name, text in peers.items()}
    for each in _CALLS:
        words = (str(folder / word) if word.endswith((".yaml", ".json")) else word for word in each.words)
        commands[each.name] = (sys.executable, "-m", "rescuecalc", *words)
    least = dict.fromkeys(commands, float("inf"))
    for _ in range(times):
        for name, command in commands.items():
            least[name] = min(least[name], cost(*command).seconds)
    return [
        Ratio(each.name, least[each.name] / least[each.peer], each.goal, f"{each.peer}, {least[each.peer]:.3f} s")
        for each in _CALLS
    ]
