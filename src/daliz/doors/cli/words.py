"""Words for the codes that are Daliz's own: forms of control, claims, directions."""

from collections.abc import Mapping
from typing import Final

from daliz.engine.indicators.names import DIRECTIONS, LEVELS_OF_REFERENCE
from daliz.language import N_

__all__ = ["CLAIMS", "DIRECTIONS", "FORMS", "LEVELS_OF_REFERENCE"]

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
