"""The country pack: offices, corridors, measures, lists, policy and profiles as data, read and checked.

Nothing of an administration stands in code. A pack is a directory of YAML; see ``docs/handbook/packs.md``.
"""

from daliz.engine.pack.beyond import CODED, codes_beyond
from daliz.engine.pack.border import CodeList, Contract, Holiday, NamedList, Office, Procedure
from daliz.engine.pack.cases import Recogniser, fires
from daliz.engine.pack.clearance import (
    SELECTIONS,
    Clearance,
    Clock,
    Expiry,
    Reach,
    RequestTerms,
    Rerouting,
    Span,
    deadline,
)
from daliz.engine.pack.control import Corridor, Direction, DisclosableReason, Measure
from daliz.engine.pack.elsewhere import profiles_elsewhere
from daliz.engine.pack.exception_lists import ExceptionList, Listed, ListKind
from daliz.engine.pack.loading import PACKS, TEMPLATE, check_pack, load_pack, pack_codes
from daliz.engine.pack.model_policy import ModelPolicy, OfficerHint, OfficerHints, PublicationBounds
from daliz.engine.pack.overlay import Overlay
from daliz.engine.pack.pack import Pack
from daliz.engine.pack.policy import (
    Band,
    Decider,
    EffectPolicy,
    HarmPoints,
    Level,
    Levels,
    Policy,
    PriorRate,
    RandomPolicy,
    Stratum,
    Tolerance,
    UnknownRule,
)
from daliz.engine.pack.problems import PackError, PackNotFoundError, Place, Problem
from daliz.engine.pack.profile import (
    Area,
    CapacityRule,
    Case,
    Point,
    Profile,
    ProfileKind,
    ProfileStatus,
    Scope,
    Stream,
)
from daliz.engine.pack.register import (
    GoodsOfArea,
    Grade,
    GroupKind,
    HigherRisk,
    RiskArea,
    RiskGroup,
    RiskRegister,
    Threat,
)
from daliz.engine.pack.remarks import Remark, remarks
from daliz.engine.pack.retention import Retention, Years, years_before
from daliz.engine.pack.simplified import SimplifiedProcedure
from daliz.engine.pack.terms import Term, WorkingTime

__all__ = [
    "CODED", "PACKS", "SELECTIONS", "TEMPLATE", "Area", "Band", "CapacityRule", "Case", "Clearance", "Clock",
    "CodeList", "Contract", "Corridor", "Decider", "Direction", "DisclosableReason", "EffectPolicy",
    "ExceptionList", "Expiry", "GoodsOfArea", "Grade", "GroupKind", "HarmPoints", "HigherRisk", "Holiday",
    "Level", "Levels", "ListKind", "Listed", "Measure", "ModelPolicy", "NamedList", "Office", "OfficerHint",
    "OfficerHints", "Overlay", "Pack", "PackError", "PackNotFoundError", "Place", "Point", "Policy",
    "PriorRate", "Problem", "Procedure", "Profile", "ProfileKind", "ProfileStatus", "PublicationBounds",
    "RandomPolicy", "Reach", "Recogniser", "Remark", "RequestTerms", "Rerouting", "Retention", "RiskArea",
    "RiskGroup", "RiskRegister", "Scope", "SimplifiedProcedure", "Span", "Stratum", "Stream", "Term",
    "Threat", "Tolerance", "UnknownRule", "WorkingTime", "Years", "check_pack", "codes_beyond", "deadline",
    "fires", "load_pack", "pack_codes", "profiles_elsewhere", "remarks", "years_before",
]  # fmt: skip
