#!/bin/sh
# Judges order sets in a script: keeps the report as JSON, lists what is in it, and ends as `check` did.
#
#   sh check-orders.sh [PATH...]     order-sets/ unless said otherwise
#
#   REPORT      where the report goes (check-orders.json)
#   FAIL_ON     error, warning or note (unset: what the settings file says, else error)
#   RESCUECALC  the program (rescuecalc)
set -eu

report=${REPORT:-check-orders.json}
[ "$#" -gt 0 ] || set -- order-sets

list() { # without jq the report is all there is
  command -v jq >/dev/null 2>&1 || return 0
  jq -r '.findings[] | select(.severity != "note")
    | "\(.file):\(.line // 1): \(.severity) \(.code) \(.message)" | gsub("[[:cntrl:]]"; "?")' "$report"
}

rm -f -- "$report.part" # a link that lies there would be written through
code=0
"${RESCUECALC:-rescuecalc}" check ${FAIL_ON:+"--fail-on=$FAIL_ON"} --format=json -- "$@" >"$report.part" || code=$?

case $code in
  0 | 1 | 3) mv -- "$report.part" "$report" ;;
  *) # nothing was judged: an old report must not pass for this run's
    rm -f "$report.part" "$report"
    echo "check did not run (exit $code): nothing was judged" >&2
    exit "$code"
    ;;
esac

list
case $code in
  0) echo "ready: nothing that stops them; the report is $report" ;;
  1) echo "not ready: findings that stop them; the report is $report" >&2 ;;
  3) echo "not ready: something could not be read, so it was not judged; the report is $report" >&2 ;;
esac
exit "$code"
