"""`rescuecalc protocol template`: a protocol file to fill in. It holds no number that could be taken for a dose."""

from typing import Final

PROTOCOL_TEMPLATE: Final = """\
# A protocol of your hospital, for `rescuecalc ... --protocol-file FILE`. Fill in each "...". Remove the # before the
# lines that your source states, and leave out what it does not state: rescuecalc asks for it and fills in nothing.
# `rescuecalc protocol check FILE` reports what is missing or wrong, by table and key. A quantity is a text with its
# unit, as on the command line: "NUMBER mcg/kg". NUMBER stands for a number of your source; no number here is advice.

id = "..."                  # lower-case words joined by hyphens; not the id of a packaged protocol
title = "..."               # as pages and the bedside card print it
drug = "..."                # tirofiban, eptifibatide, abciximab or cangrelor
kind = "site"               # a hospital's own file is always of this kind
confidence = "..."          # your confidence in it, as in "not graded"
population = "..."          # for which patients; "stroke" or "rescue" in it chooses the range of doses to judge by
antiplatelets = "..."       # the oral drugs that follow, in words, or "not stated"
not_stated = []             # what the source does not state: give_over, run_time, antiplatelets, infusion, weight
# unclear = ["..."]         # statements of the source that have two readings
# remarks = ["..."]         # remarks for every user of the protocol
# studies = ["..."]         # ids of `rescuecalc evidence list`
# not_rescue = "..."        # why it is not for rescue after thrombectomy, if it is not
# contraindicated = "..."   # what the source excludes
# weight_basis = "..."      # actual, ideal or adjusted: the basis of the dosing weight; --weight is read as it
# renal = "..."             # a label's renal rule, us-label, eu-label or eptifibatide-label, or [renal_rule] below
sources = [{ id = "...", locator = "..." }]   # at least one, by the id of a [source.ID] or of a packaged source

# [source.ID]               # your own source; ID is the id that `sources` names
# title = "..."
# doi = "..."               # or leave it out
# url = "..."               # or leave it out

# [[bolus]]                 # leave the table out if no bolus is given
# route = "..."             # IV or IA
# called = "..."            # bolus or dose, as the source calls it; a bolus unless you say otherwise
# dose_per_kg = "NUMBER mcg/kg"                             # one of these three
# dose = "NUMBER mcg"
# dose_range = { from = "NUMBER mg", to = "NUMBER mg" }     # --ia-dose then chooses the dose
# cap = { amount = "NUMBER mg", words = "..." }             # the most that is given; `words` repeat the number
# cap may also hold: row_above = "NUMBER kg" (a label's row above a weight), follows_renal = true
# give_over = { taken = "NUMBER min", words = "..." }       # or to = "NUMBER min" for "within"
# repeat = { at = "NUMBER min", words = "..." }             # the same again, this long after the infusion's start
# A second bolus of another dose is a second [[bolus]] with:
# at = "NUMBER min"         # counted from the start of the infusion

# [[infusion]]              # a loading infusion, if there is one, stands before the maintenance
# role = "..."              # load or maintenance
# route = "..."             # IV or IA; IV unless you say otherwise
# dose_rate_per_kg = "NUMBER mcg/kg/min"
# cap = { amount = "NUMBER mcg/min", words = "..." }
# run_time = { taken = "NUMBER h", words = "..." }          # a load always states it
# run_time = { from = "NUMBER h", to = "NUMBER h", words = "..." }  # --run-time then chooses; leave out if not stated
# run_time may also hold: usual_to = "NUMBER h", in_all = true (the maximum counts the load), load_unclear = true,
# from_thrombolysis = true (the source counts it from the thrombolysis)

# [renal_rule]              # your own renal rule, instead of `renal`
# title = "..."
# sources = [{ id = "...", locator = "..." }]
# load_remark = "..."       # the basis for its use on a loading infusion
# bands = [                 # from low to high; the last has no up_to, so that every clearance is in one
#   { up_to = "NUMBER mL/min", includes = true, bolus_factor = "NUMBER", infusion_factor = "NUMBER", words = "..." },
#   { bolus_factor = "NUMBER", infusion_factor = "NUMBER", words = "..." },
# ]

# [label_band]              # a table by weight, shown beside the exact doses with --label-band
# concentration = "NUMBER mcg/mL"
# give_over = "NUMBER min"
# columns = ["..."]         # of bolus_volume, load_pump_rate, pump_rate and the same after halved_
# remark = "..."
# sources = [{ id = "...", locator = "..." }]
# rows = [["NUMBER kg", "NUMBER kg", "NUMBER mL/h"]]        # from, to, then one cell for each column

# [[antiplatelet]]          # what the source states for `bridge` and `plan`, one table each
# drug = "..."              # aspirin, clopidogrel, ticagrelor, prasugrel or cangrelor
# dose = "NUMBER mg"
# route = "..."             # PO, NG, PR or IV
# frequency = "..."         # once (a load), daily or twice daily
# at = "NUMBER h"           # counted from the start of the infusion
# optional = true           # one of several that the source joins by "and/or"
# words = "..."

# [assay]                   # a P2Y12 assay that the source reports
# pru = NUMBER
# day = "..."
"""
