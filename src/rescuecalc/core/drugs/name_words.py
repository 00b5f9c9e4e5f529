"""The words that stand beside a drug's name and do not make another drug of it: forms, routes, salts, companies.

The core reads no files, so that this table is a module. A word stands here only where it never names a drug.
"""

from __future__ import annotations

from typing import Final

SALTS: Final = frozenset(
    (
        *("sodium", "potassium", "magnesium", "calcium", "hydrochloride", "hcl", "monohydrate", "bisulfate"),
        *("hydrogensulfate", "besylate", "tartrate", "bitartrate", "acetate"),
    )
)
FORMS: Final = frozenset(
    (
        *("infusion", "drip", "bolus", "injection", "iv", "ia", "po", "pr", "oral", "tablet", "tablets", "chewable"),
        *("ec", "enteric-coated", "suppository", "load", "loading", "dose", "maintenance", "premix", "premixed", "bag"),
        *("vial", "concentrate", "solution", "rescue", "perfusor", "gtt", "mr", "er", "xr", "sr", "tablette"),
        *("tabletten", "filmtablette", "filmtabletten", "infusionsl\u00f6sung", "injektionsl\u00f6sung"),
        "kurzinfusion",
    )
)
"""Words that are left out behind the name of any drug."""

_TABLETS: Final = (
    "tab tabs tabl tablet tablets tbl tabletten tablette compr comprime comprimes comprimido comprimidos compressa "
    "compresse cp cpr cap caps capsule capsules kaps kapsel kapseln gelule gelules chew chewable chewtab chw "
    "kautablette kautabletten disp dispersible soluble effervescent brausetablette brausetabletten odt "
    "orodispersible orally disintegrating film coated filmcoated fc fct filmtab filmtbl filmtabl filmtablette "
    "filmtabletten pellicule ec enteric entericcoated dr delayed release er sr xr mr ir immediate extended modified "
    "buffered crushed crush gastro resistant gastroresistant magensaftresistent magensaftresistente msr ret retard "
    "supp suppository suppositories suppos suppositoire zaepfchen zapfchen sachet sachets susp suspension syrup "
    "liquid granules granulat beutel"
)
_INJECTED: Final = (
    "inj injection injectable injektion injektionsloesung injektionslosung inf infusion infusions infusionsloesung "
    "infusionslosung "
    "perfusion inyeccion soln sol solution loesung losung concentrate conc konzentrat powder pwd pdr pulver poudre "
    "lyophilized lyophilisate lyophilisat reconstituted recon bag bags premix premixed premade bottle flasche vial "
    "vials amp amps ampule ampoule ampoules ampulle ampullen flacon poche seringue durchstechflasche stechampulle "
    "pfs prefilled fertigspritze fertigspritzen spritze syringe kit pack pak box ud unit container galaxy viaflex "
    "drip gtt bolus perfusor perfusorspritze infusomat pump ivpb ivp push piggyback continuous cont kont cri civi "
    "dauerinfusion kurzinfusion additive"
)
_ROUTES: Final = (
    "iv ia po pr ng og sl im sc subq intravenous intravenos intravenoes arterial intraarterial intra intraarteriell "
    "oral orally rectal rectally nasogastric tube central peripheral line"
)
_SALTS_BESIDE: Final = (
    "sodium hydrochloride hydrochlorid hydrochlor hcl monohydrate monohydrat bisulfate bisulphate hydrogensulfate "
    "hydrogensulfat hydrogensulphate hydrogenosulfate besylate besilate besilat besylat chlorhydrate lysine lysinate "
    "lysin dl base porcine"
)
_CARRIERS: Final = (
    "nacl saline sodium chloride normal ns nss isotonic dextrose glucose d5w d5 water sterile swfi wfi isot natrium "
    "natriumchlorid chlorid"
)
_MAKERS: Final = (
    "bayer teva sandoz hikma accord zentiva ratiopharm hexal stada mylan viatris actavis aristo heumann aliud apotex "
    "apo pharma pharmaceuticals sun aurobindo cipla medicure ibisqus correvio advanz iroko merck msd sanofi winthrop "
    "genentech boehringer ingelheim lilly chiesi astrazeneca baxter hospira pfizer fresenius kabi sagent amneal slate "
    "eugia gland zydus lupin torrent macleods krka glenmark betapharm abz axcount basics puren biomo tad tah biogaran "
    "arrow eg cristers ranbaxy almus dexcel st joseph reddy reddys 1a al n"
)
_USES: Final = (
    "low high dose dosed doses strength regular extra adult adults baby child childrens children load loading "
    "maintenance rescue std standard neuro nicu icu stroke angio generic brand nir ir protocol order titrated "
    "titratable initial start starting home cardio protect daily"
)
_UNITS: Final = "mg mcg ug g gm ml l cc units ie iu kg min hr h hour mmol percent"
BETWEEN: Final = frozenset(
    ("in", "of", "for", "with", "w", "mit", "dans", "en", "de", "ad", "per", "from", "x", "a", "s")
)
"""Words that lead from a name to what stands beside it, and never end it."""
BESIDE: Final = frozenset(
    f"{_TABLETS} {_INJECTED} {_ROUTES} {_SALTS_BESIDE} {_CARRIERS} {_MAKERS} {_USES} {_UNITS}".split()
)
"""Words that stand before or behind the name of a drug whose doses are known, in small letters without accents."""
