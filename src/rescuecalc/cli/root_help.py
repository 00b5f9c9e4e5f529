"""What `rescuecalc --help` prints, by the columns of the terminal. Made by `python docs/build.py`."""

from typing import Final

HELP: Final = {
    80: """\
Usage: rescuecalc [OPTIONS] COMMAND [ARGS]...

  Tirofiban dosing and protocol calculator for rescue therapy after stroke
  thrombectomy.

  Every number is calculated exactly, checked by a second route, and cited. If
  a source states no value, you are asked for it. Exit codes: 0 done, 1
  findings at or above --fail-on, 2 unreadable input, 3 unreadable file, 4
  refused, 70 internal error.

Options:
  --version   Show the version and end.
  -h, --help  Show this message and exit.

Commands:
  dose        Doses, pump rates and containers of a patient
  rate        A dose rate as a pump rate, or back
  table       One protocol over a range of weights
  renal       Creatinine clearance (Cockcroft-Gault)
  bridge      From the infusion to oral antiplatelets
  plan        Doses, bridge and monitoring on one page
  stop        What was given until a stop, and the hours after it
  check       Check order sets in files
  library     Pump drug libraries: check, diff, show, template
  protocol    The protocols, and your hospital's own
  evidence    The studies, figure by figure as printed
  strategy    What the review discusses for which situation
  rule        What a finding's code means
  schema      JSON Schemas of input files, for editors
  selftest    Known answers on this machine, with versions
  help        The help of a command
  version     The version
  completion  The completion script of a shell
""",
    100: """\
Usage: rescuecalc [OPTIONS] COMMAND [ARGS]...

  Tirofiban dosing and protocol calculator for rescue therapy after stroke thrombectomy.

  Every number is calculated exactly, checked by a second route, and cited. If a source states no
  value, you are asked for it. Exit codes: 0 done, 1 findings at or above --fail-on, 2 unreadable
  input, 3 unreadable file, 4 refused, 70 internal error.

Options:
  --version   Show the version and end.
  -h, --help  Show this message and exit.

Commands:
  dose        Doses, pump rates and containers of a patient
  rate        A dose rate as a pump rate, or back
  table       One protocol over a range of weights
  renal       Creatinine clearance (Cockcroft-Gault)
  bridge      From the infusion to oral antiplatelets
  plan        Doses, bridge and monitoring on one page
  stop        What was given until a stop, and the hours after it
  check       Check order sets in files
  library     Pump drug libraries: check, diff, show, template
  protocol    The protocols, and your hospital's own
  evidence    The studies, figure by figure as printed
  strategy    What the review discusses for which situation
  rule        What a finding's code means
  schema      JSON Schemas of input files, for editors
  selftest    Known answers on this machine, with versions
  help        The help of a command
  version     The version
  completion  The completion script of a shell
""",
}
