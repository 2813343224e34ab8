"""Words for the codes that are Daliz's own: forms of control, claims, extents, directions."""

from collections.abc import Mapping
from typing import Final

from daliz.language import N_

FORMS: Final[Mapping[str, str]] = {
    "documents": N_("document check"),
    "physical": N_("physical control"),
    "post_release": N_("control after release"),
}
CLAIMS: Final[Mapping[str, str]] = {
    "mandatory": N_("mandatory"),
    "random": N_("random share"),
    "waivable": N_("targeted"),
    "inherited": N_("taken over from an earlier version"),
}
EXTENTS: Final[Mapping[str, str]] = {
    "visual": N_("visual"),
    "selective": N_("selective"),
    "partial": N_("partial"),
    "full": N_("full"),
}
DIRECTIONS: Final[Mapping[str, str]] = {
    "import": N_("import"),
    "export": N_("export"),
    "transit": N_("transit"),
    "passenger": N_("passenger"),
}
LEVELS_OF_REFERENCE: Final[Mapping[str, str]] = {
    "hs10_origin": N_("code of 10 digits and origin"),
    "hs10": N_("code of 10 digits"),
    "hs6_origin": N_("code of 6 digits and origin"),
    "hs6": N_("code of 6 digits"),
    "hs4_origin": N_("code of 4 digits and origin"),
    "hs4": N_("code of 4 digits"),
}
