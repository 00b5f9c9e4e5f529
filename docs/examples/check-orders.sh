#!/bin/sh
# Judges order sets in a script: keeps the report as JSON, lists the findings, and ends with the exit code of `check`.
#
#   sh check-orders.sh [PATH...]     default: order-sets
#
#   REPORT      the file of the report (default: check-orders.json)
#   FAIL_ON     error, warning or note (default: the value of the settings file, else error)
#   BASELINE    a file of known findings (default: none)
#   RESCUECALC  the program (default: rescuecalc)
set -eu

report=${REPORT:-check-orders.json}
[ "$#" -gt 0 ] || set -- order-sets

list() { # without jq there is only the report
  command -v jq >/dev/null 2>&1 || return 0
  jq -r '.findings[] | select(.severity != "note")
    | "\(.file):\(.line // 1): \(.severity) \(.code) \(.message)" | gsub("[[:cntrl:]]"; "?")' "$report"
}

rm -f -- "$report.part" # a link of that name would be written through
code=0
"${RESCUECALC:-rescuecalc}" check ${FAIL_ON:+"--fail-on=$FAIL_ON"} ${BASELINE:+"--baseline=$BASELINE"} --format=json -- "$@" \
  >"$report.part" || code=$?

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
  0) echo "ready: no finding that stops the pipeline; the report is $report" ;;
  1) echo "not ready: findings that stop the pipeline; the report is $report" >&2 ;;
  3) echo "not ready: something could not be read, so it was not judged; the report is $report" >&2 ;;
esac
exit "$code"
