"""RC316: a text that gives the dose by another route than the order."""

from __future__ import annotations

import re
from itertools import chain, islice
from typing import TYPE_CHECKING, Final

from rescuecalc.core.drugs.drug_name import drug_name
from rescuecalc.core.orders.findings.finding import Severity
from rescuecalc.core.orders.text.clauses import clause_at
from rescuecalc.core.orders.text.earlier import is_earlier
from rescuecalc.core.orders.text.vocabulary import ALTERNATIVES, AVOIDED, NEGATIONS, WITHHELD, any_word, one_of
from rescuecalc.core.quantities.lazy_pattern import lazy_pattern
from rescuecalc.core.quantities.wording import INTO_GUT, ROUTE_OF
from rescuecalc.rules.base.rule import Hit, declared
from rescuecalc.rules.facts.text.number_owner import is_of_another
from rescuecalc.rules.facts.text.own_numbers import numbers_in_own_words
from rescuecalc.rules.facts.text.route_in_text import routes_in_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rescuecalc.core.orders.order import Order
    from rescuecalc.rules.base.knowledge import Subject

# The route directly behind a dose: elsewhere PR is an interval of the ECG, and IM a department.
_BEHIND_DOSE: Final = lazy_pattern(
    r"[0-9] ?(?:mcg|mg|g|units?|mEq|mmol|mL|tablets?)(?:/(?:kg|min|h|hr)){0,2} (?:\([^()]{0,20}\) )?"
    r"(?:(?!after|before|following|since)[a-z]{3,20} )?"
    r"(IV|IA|PO|PR|IM|SUBQ|SC|NG|OG|orally|by mouth|rectally|intravenously|intramuscularly|subcutaneously)\b"
)
_OF_ANOTHER_ORDER: Final = (
    r"(?! (?:bolus|dose|injection|infusion|tirofiban|treatment|therapy|line|access|lysis|stent\w*|given|"
    r"thrombectomy|angio\w*|procedure|was|has))"
)
"""Behind a way into an artery: it is another order's."""
# A place where no drug of an order into a vein or a mouth belongs, beside a word that gives it there.
_PLACES: Final = {
    # "the intra-arterial bolus" is another order; `into the artery` is where this one goes.
    "IA": r"(?:intra ?-? ?(?:arterial|coronary|carotid)(?:ly)?|IA|i\.a(?:\.|(?!\.))|i/a)"
    rf"{_OF_ANOTHER_ORDER}"
    r"|into (?:the|an) artery|(?:femoral |radial |carotid )?artery|art(?:erial)? (?:line|sheath)|a-line|microcatheter",
    "IT": r"(?:lumbar )?intra-?thecal(?:ly)?|(?-i:IT|i\.t\.)|intraventricular(?:ly)?|"
    r"(?:EVD|(?:external )?ventric\w+ (?:drain|catheter)|"
    r"lumbar drain)|(?:VP|ventriculo-?peritoneal) shunt|Ommaya(?: reservoir)?",
    "EPI": r"epidural(?:ly)?(?: (?:catheter|injection|space))?",
    # Not in small letters, which are the German `im`.
    "IM": r"intramuscular(?:ly)?|i\. ?m\.|(?-i:I[Mm])|deltoid",
    "SC": r"subcutaneous(?:ly)?|subcut|SUBQ|SC|s\.c\.|SQ|sub-?Q|under the skin",
    "ID": r"intradermal(?:ly)?|intra-?articular(?:ly)?|intrapleural(?:ly)?|intraperitoneal(?:ly)?|intravitreal(?:ly)?",
    "IO": r"intraosseous(?:ly)?|IO",
    "PR": r"rectal(?:ly)?|per rectum|suppositor(?:y|ies)",
    "SL": r"sublingual(?:ly)?|under the tongue",
    "IN": r"intranasal(?:ly)?",
    "INH": r"inhal(?:ed|ation)|nebuli[sz]\w*",
    "TOP": r"topical(?:ly)?|transdermal(?:ly)?|on (?:the|to the) skin",
    "NG": r"NG(?:[ -]?tube)?|OG(?:[ -]?tube)?|nasogastric(?:ally)?(?: tube)?|PEG(?: tube)?|(?:feeding|gastric) tube|"
    r"G-?tube",
    "PO": r"PO|p\.o\.|orally|by mouth|per os|swallow(?:ed)?",
}
_ANY_PLACE: Final = "|".join(f"(?P<{route}>{places})" for route, places in _PLACES.items())
_GIVEN_THERE: Final = lazy_pattern(
    r"(?:^|[;,.\n(]|\b(?:give|given|administer\w*|inject\w*|infuse\w*|run|runs|take|rub|push|bolus|by|via|into|through|"
    r"per|as|deep|slow|the|mcg/kg|mg/kg|units/kg|kg|mg|mcg|mL|units|min|h|hr)\b)[ (]{0,3}(?:"
    + _ANY_PLACE
    + r")(?![\w-])(?! (?:heparin|enoxaparin|h(?:a)?ematoma|an(?:a)?esth\w*|fat|tissue|site|tubes?|injections|screen|"
    r"status|intake|meds?|medications?|study|left|right|radial|femoral|sp\u00e4ter|danach|puis|nicht)\b)",
    re.IGNORECASE,
)
_BY_NAME: Final = lazy_pattern(
    r"(?:\b(?P<name>[A-Za-z]{4,30})(?: (?:infusion|drip|bolus|push|injection|continuous|maintenance))*|^|[;\n]) ?\(?(?:"
    + _ANY_PLACE.replace(_OF_ANOTHER_ORDER, "")
    + r")(?![\w-])\)?(?= ?(?:$|[:;,.\n(]|[0-9]|(?:at|over|for|infusion|drip|bolus|push|injection|by)\b))",
    re.IGNORECASE,
)
"""Directly behind the drug's name, or as the first words: `Tirofiban infusion IM 0.1 mcg/kg/min`, `IA infusion`."""
_KIND: Final = lazy_pattern(r"\b(?:(?P<infusion>infusion|drip)|(?P<bolus>bolus|push|injection))\b", re.IGNORECASE)
_ORGANS: Final = {
    "IT": r"(?:left |right |lateral |third )?ventricles?|spin(?:e|al (?:canal|space|fluid|cord))|"
    r"(?:IT|intrathecal) pump|CSF|cerebrospinal fluid|subarachnoid space|cistern\w*|vertebral (?:column|canal)|"
    r"thecal sac|lumbar (?:space|cistern|puncture)",
    "IM": r"thigh|deltoid|glute\w+|buttocks?|vastus(?: lateralis)?|muscles?|(?:upper )?arm muscle",
    "SC": r"abdominal (?:wall|fat)|skin fold|fat",
    "ID": r"(?:(?:each|left|right|both) )?eyes?|vitreous|joint|pleura\w*|peritone\w+|abdomen|bladder|"
    r"chest drain|ear|brain|lungs?",
    "IN": r"nostrils?|nose",
}
_INTO_ORGAN: Final = lazy_pattern(
    r"\b(?:into|in|through|down)(?: the| an?| his| her| one)? (?:"
    + "|".join(f"(?P<{route}>{places})" for route, places in _ORGANS.items())
    + r")(?![\w-])",
    re.IGNORECASE,
)
"""An organ behind `into`: elsewhere it is what is looked at."""
_INTO_ARTERY: Final = lazy_pattern(
    r"\binto (?:the |an? )?(?P<IA>(?:left |right |internal |common |middle )*"
    r"(?:(?:carotid|vertebral|basilar|coronary|cerebral|femoral|radial)(?: artery)?|MCA|ICA))\b"
    r"(?! (?:column|vein|venous|veins|line|access|sinus))",
    re.IGNORECASE,
)
_NOT_THERE: Final = lazy_pattern(
    rf"\b(?:{one_of(NEGATIONS, AVOIDED, WITHHELD, ALTERNATIVES)}|or|remov\w*|before|after|else|in place|in situ|"
    r"bleed\w*|blood|h(?:a)?emorrhag\w*|extension|rupture\w*|h(?:a)?ematoma|puncture|check\w*|inspect\w*|screen\w*|if|then|unless|"
    r"output|cmH2O|clamp\w*|ICP|tragus|pas|sans|keine?|ohne|nicht|switch|convert|change|previous\w*|DAPT|antiplatelets?|orals?|meds?|medications?|agents?|fluids?|feeds?|"
    r"nothing|place|insert\w*|BP|pressure|monitor\w*|sampl\w*|labs?|draw\w*|stent\w*|clots?|occlu\w*)\b",
    re.IGNORECASE,
)
_WAS_GIVEN: Final = lazy_pattern(
    r"\bequiv\w*|(?:^|[;,.\n])\W{0,3}(?:was )?given [0-9][^;]{0,60}\b"
    r"(?:at [0-9]{1,2}:?[0-9]{2}\b|by [A-Z]{2,4}\b|in the [A-Z]{2,4}\b)",
    re.IGNORECASE,
)
"""What the drug is equivalent to by another route, and what was given there at a time."""
_BEHIND_NUMBER: Final = lazy_pattern(
    r"[0-9] ?(?:mcg|mg|g|units?|mL|tablets?)(?:/(?:kg|min|h|hr)){0,2} ?$|[A-Za-z]{4,} \($", re.IGNORECASE
)
"""Directly behind a dose, whose owner is asked of its number; and in brackets behind a word that it abbreviates."""
_PERMITTED: Final = lazy_pattern(r"\b(?:may|can|ok(?:ay)? to)(?: also)? (?:be )?(?:given?|use)\b", re.IGNORECASE)
"""Before a place: another way that is left open, of a drug of which none is known to be wrong."""
# A way into a vein: of an order that is swallowed, or given by a tube.
_LINES: Final = (
    r"PICC(?:[ -]line)?|port(?:-a-cath)?|(?:central|arterial|peripheral|IV|venous|femoral|jugular|subclavian|art)"
    r"(?: venous)? (?:line|catheter|cannula|access|sheath)|cannula|IV|vein|artery|CVC|midline|Hickman|bloodstream"
)
_INTO_VEIN: Final = lazy_pattern(
    r"(?:^|[;,.\n(]|\b(?:give|given|administer\w*|push|and|by|slow|m?c?g))[ (]{0,3}(?:it )?"
    r"(?P<word>IV|intravenous(?:ly)?|IVP)(?= ?(?:$|[;,.)\n]|(?:push|bolus|over|now|stat|once|daily|slowly)\b))"
    rf"|\b(?:via|by|through|per|into|down|in)(?: the| an?| his| her)? (?P<line>{_LINES})\b"
    r"(?! (?:tirofiban|infusion|heparin|fluids?|contrast|drip))"
    r"|(?:^|[;,.\n(] ?|\b(?:and|then|dissolve\w*|crush\w*) )(?P<verb>inject)(?:ed)?\b(?! (?:site|port))",
    re.IGNORECASE,
)
_OTHERWISE: Final = any_word(
    ALTERNATIVES, "or", "if", "then", "unless", "switch", "convert", "change", "followed", r"previous\w*"
)
_MOST_ASKED: Final = 40
_INTO_VESSELS: Final = frozenset({"IV", "IA"})
_BY_TUBE: Final = frozenset({"PO", "NG"})


def _elsewhere(subject: Subject) -> Iterator[Hit]:
    """Yield the hits of texts that give an order's drug into a place of the body where its route does not lead."""
    for order in subject.order_set.orders:
        text = order.texts.get("text", "")
        own = order.route or ("IV" if subject.knowledge.has_published_range(order.drug) else "")
        if not text or not own or order.of:
            continue
        pattern = _INTO_VEIN if own in INTO_GUT and order.kind == "dose" else None
        places = (
            (_GIVEN_THERE, ""),
            (_BY_NAME, ""),
            (_INTO_ORGAN, ""),
            (_INTO_ARTERY, ""),
            *(((pattern, "IV"),) if pattern is not None else ()),
        )
        for match, route in ((match, known) for each, known in places for match in _asked(each, text)):
            group = match.lastgroup or ""
            if (
                not _is_same(route or group, own)
                and not _is_site_of(own, match[group])
                and _is_own_name(match, order)
                and _is_given_there(match, text, order, subject)
            ):
                word = match[group]
                message = f"the text gives it {word}, and the route of the order is {own}"
                yield Hit(message, (), f"{order.pointer}/text", word, own)
                break


def _is_own_name(match: re.Match[str], order: Order) -> bool:
    """Whether the name before a place is the order's drug, and what is given there is of the order's kind."""
    groups = match.groupdict()
    if "name" not in groups:
        return True
    name = groups["name"]
    kinds = {each.lastgroup for each in _KIND.finditer(match.string, match.start(), match.end() + _MOST_BEHIND)}
    is_of_drug = name is not None and (drug_name(name) == order.drug or name.lower() in order.drug.split())
    return (is_of_drug or (name is None and bool(kinds))) and kinds <= {order.given_as}


_MOST_BEHIND: Final = 11
"""Characters behind a place in which it is said what is given there."""


def _asked(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    return islice(pattern.finditer(text), _MOST_ASKED)


def _is_same(route: str, own: str) -> bool:
    return route == own or (route in _BY_TUBE and own in INTO_GUT)


_OF_NEEDLE: Final = any_word(
    r"abdom\w*", "thigh", "deltoid", r"glute\w*", "buttocks?", "arm muscle", "skin fold", "fat"
)
_BY_NEEDLE: Final = frozenset({"SC", "IM"})


def _is_site_of(own: str, words: str) -> bool:
    """Whether a place is where an injection under the skin or into a muscle is usually given."""
    return own in _BY_NEEDLE and _OF_NEEDLE.search(words) is not None


def _is_given_there(match: re.Match[str], text: str, order: Order, subject: Subject) -> bool:
    """Whether the clause of a place gives the order's own drug there, and denies nothing."""
    group = match.lastgroup or ""
    begin, end = clause_at(text, match.start(group))
    before, behind = text[begin : match.start(group)], text[match.end(group) : end]
    if any(each.search(text, begin, end) is not None for each in (_NOT_THERE, _WAS_GIVEN)) or is_earlier(
        text, match.start(group)
    ):
        return False
    if match.groupdict().get("name") is None and _BEHIND_NUMBER.search(before) is not None:
        return False
    known = _is_known(order, subject)
    if not known and _PERMITTED.search(before) is not None:
        return False
    return not is_of_another(order.drug, before, behind, text[:begin], subject.knowledge)


def _is_known(order: Order, subject: Subject) -> bool:
    """Whether doses or the class of an order's drug are known: then its routes are."""
    return subject.knowledge.has_known_doses(order.drug) or subject.knowledge.drug_class(order.drug) is not None


def _other_route(subject: Subject) -> Iterator[Hit]:
    reported: set[str] = set()
    for each in chain(_elsewhere(subject), _in_own_clause(subject), _by_method(subject), _behind_dose(subject)):
        if each.pointer not in reported:
            reported.add(each.pointer)
            yield each


def _in_own_clause(subject: Subject) -> Iterator[Hit]:
    """Yield the routes of clauses that speak of nothing but how the order is given: `Tirofiban infusion IM: 8 mL/h`."""
    for order in subject.order_set.orders:
        own = order.route or ("IV" if subject.knowledge.has_published_range(order.drug) else "")
        if "text" not in order.texts or not own or order.of:
            continue
        known = _is_known(order, subject)
        for each in routes_in_text(order):
            is_swallowed = {each.route, own} <= INTO_GUT  # what cannot be swallowed is given by the other way
            is_open = each.route in order.other_routes or (each.is_alternative and (is_swallowed or not known))
            if not is_open and not _is_same(each.route, own) and not {each.route, own} <= INTO_GUT - {"PR"}:
                message = f"the text gives it {each.words}, and the route of the order is {own}"
                yield Hit(message, (), f"{order.pointer}/text", each.words, own)
                break


_METHODS: Final = {
    lazy_pattern(r"(?:^|[\n;.]) ?(?P<found>swallow(?:ed)?|chew(?:ed)?) ?(?=$|[\n;.])", re.IGNORECASE): _INTO_VESSELS,
    lazy_pattern(
        r"(?:^|[\n;.]) ?(?P<found>inject(?:ed|ion)?|infuse[d]?|infusion|IV push|push) ?(?=$|[\n;.])", re.IGNORECASE
    ): INTO_GUT,
}
"""How a drug is given, as a sentence of its own, and the routes by which it is never given so."""


def _by_method(subject: Subject) -> Iterator[Hit]:
    for order in subject.order_set.orders:
        text = order.texts.get("text", "") if not order.of else ""
        for pattern, never in _METHODS.items() if text else ():
            match = pattern.search(text) if order.route in never else None
            if match is not None:
                message = f"the text says {match['found']!r}, and the route of the order is {order.route}"
                yield Hit(message, (), f"{order.pointer}/text", match["found"], order.route)


def _behind_dose(subject: Subject) -> Iterator[Hit]:
    for order in subject.order_set.orders:
        text = order.texts.get("text", "")
        if not text or not order.route or order.of or _OTHERWISE.search(text):
            continue
        own = [each.at + len(each.text) for each in numbers_in_own_words(order)]
        routes = {
            match[1]: ROUTE_OF[match[1].lower()]
            for match in _BEHIND_DOSE.finditer(text)
            if any(match.start() < end <= match.end() for end in own) and not is_earlier(text, match.start(1))
        }
        if len(set(routes.values())) != 1:
            continue
        word, route = next(iter(routes.items()))
        if route != order.route and not {route, order.route} <= _BY_TUBE:
            message = f"the text gives it {word}, and the route of the order is {order.route}"
            yield Hit(message, (), f"{order.pointer}/text", word, order.route)


RULES = (
    declared(
        "RC316",
        "text-contradicts-route",
        Severity.ERROR,
        _other_route,
        "rescuecalc",
        checks="The route in a text against the order's: in a clause that gives nothing but the order itself each word "
        "that the field reads, elsewhere the one after a dose, and words such as `intrathecal`, `by mouth` or, of a "
        "tablet, `via PICC`.",
        why="The nurse reads the text: an oral dose goes into a vein.",
        fails="{drug: aspirin, route: PO, kind: dose, dose: 325 mg, text: aspirin 325 mg PR once}",
        passes="{drug: aspirin, route: PO, kind: dose, dose: 325 mg, text: aspirin 325 mg PO once}",
        remedy="Correct the one that is wrong.",
        limits="Not if the text states another step, or for a drug without known doses an alternative (`or`, `if`, "
        "`then`), nor for a mouth and a feeding tube.",
        since="0.2.0",
        follows="RC428",
    ),
)
