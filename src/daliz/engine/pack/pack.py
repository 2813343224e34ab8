"""A country pack: everything that differs from one administration to another, as checked data."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from daliz.engine.features import Vocabulary
from daliz.engine.features.official_tables import OfficialTables
from daliz.engine.indicators import Names
from daliz.engine.official import OfficialLists
from daliz.engine.official.tables import feature_tables
from daliz.engine.pack.border import (
    LISTED,
    OFFICES,
    CodeList,
    Contract,
    Holiday,
    NamedList,
    Office,
    Procedure,
)
from daliz.engine.pack.clearance import Clearance
from daliz.engine.pack.control import Corridor, Direction, DisclosableReason, Measure
from daliz.engine.pack.exception_lists import ExceptionList
from daliz.engine.pack.model_policy import ModelPolicy
from daliz.engine.pack.overlay import Overlay
from daliz.engine.pack.policy import Policy
from daliz.engine.pack.profile import Profile
from daliz.engine.pack.register import RiskRegister
from daliz.engine.pack.simplified import SimplifiedProcedure
from daliz.engine.pack.terms import WorkingTime
from daliz.language import Text


@dataclass(frozen=True, slots=True)
class Pack:
    """A checked country pack; whoever holds one need not check it again.

    Attributes:
        code: ``kz``.
        name: the administration's country.
        version: of the pack's data.
        notice: what a reader must know of it: synthetic, and whose.
        zone: IANA time zone whose midnight begins a day.
        currency: ISO 4217 code of the administration's money.
        languages: in which its texts are.
        regions: code → name.
        offices: code → office.
        holidays: days of rest other than weekends.
        holiday_names: the same, with their names.
        procedures: code → procedure.
        directions: code → what profiles guard against.
        corridors: from the freest to the strictest.
        measures: code → measure.
        disclosure: what a declarant may be told of the reasons.
        lists: named lists of indicators.
        code_lists: what columns may hold.
        vocabulary: the built-in names and the pack's own.
        contracts: rules of good data.
        policy: shares, bands, priors.
        laws: code → title of the public law cited.
        profiles: every version of every profile, by id.
        fingerprint: SHA-256 of the content, lower-case hex; comments and layout do not count.
        country: ISO 3166-1 alpha-2 code of the administration's country.
        deviations: code → reason for which an officer may depart from the advice; empty where the system
            decides.
        simplified: code → simplified procedure.
        register: the risk register; empty where the pack keeps none.
        official: official lists that were loaded into the pack or its overlay.
        exception_lists: code → list of those for whom the score is answered otherwise.
        models: what models must pass before they are published.
        rates_hold_days: how many days an exchange rate goes on holding where none is stated for a day.
        clearance: what clearance asks by law.
        overlay: the administration's own data that lies over the pack, None if none does.
    """

    code: str
    name: Text
    version: str
    notice: Text
    zone: str
    currency: str
    languages: tuple[str, ...]
    regions: Mapping[str, Text]
    offices: Mapping[str, Office]
    holidays: frozenset[date]
    holiday_names: tuple[Holiday, ...]
    procedures: Mapping[str, Procedure]
    directions: Mapping[str, Direction]
    corridors: tuple[Corridor, ...]
    measures: Mapping[str, Measure]
    disclosure: tuple[DisclosableReason, ...]
    lists: Mapping[str, NamedList]
    code_lists: Mapping[str, CodeList]
    vocabulary: Vocabulary
    contracts: tuple[Contract, ...]
    policy: Policy
    laws: Mapping[str, Text]
    profiles: tuple[Profile, ...]
    fingerprint: str
    country: str = ""
    deviations: Mapping[str, Text] = field(default_factory=dict)
    simplified: Mapping[str, SimplifiedProcedure] = field(default_factory=dict)
    register: RiskRegister = field(default_factory=RiskRegister)
    exception_lists: Mapping[str, ExceptionList] = field(default_factory=dict)
    models: ModelPolicy = field(default_factory=ModelPolicy)
    official: OfficialLists = field(default_factory=OfficialLists)
    rates_hold_days: int = 0
    overlay: Overlay | None = None
    clearance: Clearance = field(default_factory=Clearance)

    @property
    def feature_tables(self) -> OfficialTables:
        """The official lists as the tables that features are computed from."""
        return feature_tables(self.official, national=self.currency, hold_days=self.rates_hold_days)

    @property
    def working_time(self) -> WorkingTime:
        """When its offices work."""
        return WorkingTime(self.zone, self.holidays, self.clearance)

    @property
    def told_version(self) -> str:
        """The version that others may read: the pack's, whatever its overlay calls itself."""
        return self.overlay.version if self.overlay is not None else self.version

    def told(self, name: str) -> str:
        """Return the name of a profile or feature for others to read: an alias under an overlay."""
        return self.overlay.alias(name) if self.overlay is not None else name

    @property
    def forms(self) -> tuple[str, ...]:
        """The forms of control, in the order in which the capacity names them."""
        return tuple(self.policy.default_capacity)

    @property
    def names(self) -> Names:
        """What people call its lists, and the codes that stand in declarations."""
        offices = {code: office.name for code, office in self.offices.items()}
        listed = {
            fact: self.code_lists[code].members for fact, code in LISTED.items() if code in self.code_lists
        }
        return Names(
            lists={code: named.name for code, named in self.lists.items()},
            codes={
                "declaration.procedure": {code: one.name for code, one in self.procedures.items()},
                **dict.fromkeys(OFFICES, offices),
                **listed,
            },
        )

    def corridor(self, code: str) -> Corridor:
        """Return the corridor called ``code``; KeyError if there is none."""
        return next(corridor for corridor in self.corridors if corridor.code == code)

    def with_random_shares(self, shares: Mapping[str, float]) -> "Pack":
        """Return the pack with other shares of the random draw, by stratum; those not named stay."""
        strata = tuple(
            replace(stratum, share=shares.get(stratum.code, stratum.share))
            for stratum in self.policy.random.strata
        )
        random = replace(self.policy.random, strata=strata)
        return replace(self, policy=replace(self.policy, random=random))

    def profiles_on(self, day: date) -> tuple[Profile, ...]:
        """Return the profiles that decide on ``day``, by id: active and within their validity."""
        return tuple(profile for profile in self.profiles if profile.in_force(day))
