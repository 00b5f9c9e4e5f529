"""The roles as mypy sees them: swapped arguments and bare numbers do not pass."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.long, pytest.mark.process]

pytest.importorskip("mypy", reason="mypy is not installed here")

SOUND = """
from rescuecalc.core.regimen.bolus import bolus_dose, bolus_volume
from rescuecalc.core.quantities.quantity import Concentration, DosePerKg, DosingWeight, PumpRate, Volume, read

weight = read("80kg", DosingWeight, "weight")
per_kg = read("10mcg/kg", DosePerKg, "dose")
strength = read("50mcg/mL", Concentration, "strength")
rate = read("14.4mL/h", PumpRate, "rate")
volume = read("20mL", Volume, "volume")
bolus_volume(bolus_dose(per_kg, weight), strength)
rate.exceeds(rate)
"""
SLIPS = {
    "swapped arguments": "bolus_dose(weight, per_kg)",
    "a bare number for a weight": "bolus_dose(per_kg, 80)",
    "a weight for a concentration": "bolus_volume(bolus_dose(per_kg, weight), weight)",
    "a rate compared with a volume": "rate.exceeds(volume)",
}


def test_mypy_rejects_every_mix_up_of_roles_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "slips.py"
    file.write_text(SOUND + "".join(f"{slip}\n" for slip in SLIPS.values()), encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "--cache-dir", str(tmp_path), str(file)]
    done = subprocess.run(command, cwd=Path(__file__).parent.parent, capture_output=True, text=True, check=False)
    first = SOUND.count("\n") + 1
    lines = {int(line.split(":")[1]) for line in done.stdout.splitlines() if ": error:" in line}
    assert lines == set(range(first, first + len(SLIPS))), done.stdout
