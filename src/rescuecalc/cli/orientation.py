"""What `rescuecalc` alone prints: where to begin, in ten lines."""

from typing import Final

ORIENTATION: Final = """\
rescuecalc: tirofiban doses, pump rates and order-set checks, each number cited.

  rescuecalc protocol list                  every protocol; none is picked
  rescuecalc dose PROTOCOL --weight 80kg    doses, pump rate, stop
  rescuecalc rate 0.15mcg/kg/min --weight 80kg --concentration 50mcg/mL
  rescuecalc plan PROTOCOL --weight 80kg    doses, oral agents, monitoring
  rescuecalc check orders/                  check order sets in files

`rescuecalc help` lists all commands, `rescuecalc help dose` what dose takes.
On a terminal rescuecalc asks for what is missing. Double-check independently.
"""
