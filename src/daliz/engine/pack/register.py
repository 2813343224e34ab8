"""The risk register: threats, the areas in which they arise, what is monitored there, and how grave it is.

Sources:
    Concept of the risk analysis and management system of the customs service of Kazakhstan: threat, risk
    items, cover items, risk group; monitoring of risk areas with subjects and objects classified;
    higher-risk areas.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from daliz.engine.pack.profile import Profile, ProfileKind, ProfileStatus
from daliz.language import Text


class GroupKind(StrEnum):
    """What a risk group consists of."""

    GOODS = "goods"
    OPERATIONS = "operations"
    TRADERS = "traders"


@dataclass(frozen=True, slots=True)
class Threat:
    """A violation that may occur.

    Attributes:
        code: stable name.
        name: what people call it.
        source: the public law that it would break.
    """

    code: str
    name: Text
    source: Text


@dataclass(frozen=True, slots=True)
class RiskGroup:
    """Goods, operations or traders that ask for control beyond the usual.

    Attributes:
        code: stable name.
        kind: what it consists of.
        name: what people call it.
        why: why it asks for more control.
    """

    code: str
    kind: GroupKind
    name: Text
    why: Text


@dataclass(frozen=True, slots=True)
class HigherRisk:
    """A class of areas whose harm no sum of money measures: life and health, drugs, weapons, radiation.

    Attributes:
        code: stable name.
        name: what people call it.
        consequence: code of the consequence band below which no violation in such an area counts.
    """

    code: str
    name: Text
    consequence: str


@dataclass(frozen=True, slots=True)
class GoodsOfArea:
    """Goods that carry a risk, or that it hides behind.

    Attributes:
        codes: how their HS codes begin, 2 to 10 digits; empty means any goods.
        name: what people call them.
    """

    codes: tuple[str, ...]
    name: Text


@dataclass(frozen=True, slots=True)
class Grade:
    """How likely or how grave: a band of the policy and the reason for it.

    Attributes:
        band: code of the likelihood or the consequence band.
        note: why.
    """

    band: str
    note: Text


@dataclass(frozen=True, slots=True)
class RiskArea:
    """A monitored area: the circumstances in which a threat arises.

    Attributes:
        code: stable name, by which profiles name the area.
        name: what people call it.
        threat: code of the threat.
        higher: code of the higher-risk class, or None.
        groups: codes of the risk groups met here.
        subjects: codes of the persons monitored.
        objects: codes of the things monitored.
        risk_goods: the goods that carry the risk.
        cover_goods: the goods they are declared as or hidden behind; None where there are none.
        countries: ISO 3166-1 alpha-2 codes of origin or departure; empty means any.
        routes: by which way they come; None means any.
        likelihood: how often it is believed to occur.
        consequence: how grave it is believed to be.
        owner: who answers for the area.
        review_by: when the area is to be looked at again.
        source: the public law it rests on.
    """

    code: str
    name: Text
    threat: str
    higher: str | None
    groups: tuple[str, ...]
    subjects: tuple[str, ...]
    objects: tuple[str, ...]
    risk_goods: GoodsOfArea
    cover_goods: GoodsOfArea | None
    countries: tuple[str, ...]
    routes: Text | None
    likelihood: Grade
    consequence: Grade
    owner: str
    review_by: date
    source: Text


@dataclass(frozen=True, slots=True)
class RiskRegister:
    """Everything that is monitored, by code; empty where a pack keeps no register.

    Attributes:
        threats: what may occur.
        groups: the risk groups.
        subjects: kinds of persons that areas monitor.
        objects: kinds of things that areas monitor.
        higher_risk: the classes of higher-risk areas.
        areas: the risk areas.
    """

    threats: Mapping[str, Threat] = field(default_factory=dict)
    groups: Mapping[str, RiskGroup] = field(default_factory=dict)
    subjects: Mapping[str, Text] = field(default_factory=dict)
    objects: Mapping[str, Text] = field(default_factory=dict)
    higher_risk: Mapping[str, HigherRisk] = field(default_factory=dict)
    areas: Mapping[str, RiskArea] = field(default_factory=dict)

    def coverage(self, profiles: Iterable[Profile]) -> dict[str, tuple[Profile, ...]]:
        """Return, for every area, the active expert and model profiles that guard it, by id."""
        active = [
            profile
            for profile in profiles
            if profile.status is ProfileStatus.ACTIVE and profile.kind is not ProfileKind.RANDOM
        ]
        return {
            code: tuple(sorted((p for p in active if p.risk_area == code), key=lambda p: (p.id, p.version)))
            for code in self.areas
        }

    def higher_of(self, profile: Profile) -> HigherRisk | None:
        """Return the higher-risk class of a profile's area; None if it has none."""
        area = self.areas.get(profile.risk_area) if profile.risk_area else None
        return self.higher_risk.get(area.higher) if area and area.higher else None
