"""Reads the risk register and holds its references together."""

import re
from collections.abc import Collection, Mapping

from daliz.engine.pack.policy import Levels
from daliz.engine.pack.read_border import COUNTRY, read_source
from daliz.engine.pack.reader import Entry
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
from daliz.language import N_, Text

HS_PREFIX = re.compile(r"[0-9]{2,10}")


def read_register(root: Entry, laws: Mapping[str, Text], levels: Levels) -> RiskRegister:
    """Return the register; an empty one where the pack has none of its sections.

    Args:
        root: the pack.
        laws: the public law that areas and threats may cite.
        levels: the bands that likelihood and consequence name.
    """
    consequences = [band.code for band in levels.consequence]
    register = RiskRegister(
        threats=_threats(root, laws),
        groups=_groups(root),
        subjects=root.coded_words("subjects") if root.has("subjects") else {},
        objects=root.coded_words("objects") if root.has("objects") else {},
        higher_risk=_higher(root, consequences),
    )
    likelihoods = [band.code for band in levels.likelihood]
    areas = {
        code: _area(code, entry, register, laws, (likelihoods, consequences))
        for code, entry in root.coded("risk_areas", optional=True)
    }
    return RiskRegister(
        threats=register.threats,
        groups=register.groups,
        subjects=register.subjects,
        objects=register.objects,
        higher_risk=register.higher_risk,
        areas=areas,
    )


def _threats(root: Entry, laws: Mapping[str, Text]) -> dict[str, Threat]:
    threats = {}
    for code, entry in root.coded("threats", optional=True):
        threats[code] = Threat(code, entry.words("name"), read_source(entry, laws))
        entry.close()
    return threats


def _groups(root: Entry) -> dict[str, RiskGroup]:
    groups = {}
    for code, entry in root.coded("risk_groups", optional=True):
        groups[code] = RiskGroup(
            code, entry.member("kind", GroupKind), entry.words("name"), entry.words("why")
        )
        entry.close()
    return groups


def _higher(root: Entry, consequences: Collection[str]) -> dict[str, HigherRisk]:
    classes = {}
    for code, entry in root.coded("higher_risk", optional=True):
        band = entry.reference("consequence", N_("consequence band"), consequences)
        classes[code] = HigherRisk(code, entry.words("name"), band)
        entry.close()
    return classes


def _area(
    code: str,
    entry: Entry,
    register: RiskRegister,
    laws: Mapping[str, Text],
    bands: tuple[Collection[str], Collection[str]],
) -> RiskArea:
    countries = entry.texts("countries", optional=True)
    for found in entry.scalars("countries", optional=True):
        if not COUNTRY.fullmatch(found.text):
            template = N_("{found!r} is not a country; write two capital letters, ISO 3166-1")
            entry.problems.add("pack-country", found.place, template, found=found.text)
    higher = entry.reference("higher", N_("higher-risk class"), register.higher_risk, optional=True)
    area = RiskArea(
        code=code,
        name=entry.words("name"),
        threat=entry.reference("threat", N_("threat"), register.threats),
        higher=higher or None,
        groups=entry.references("groups", N_("risk group"), register.groups, optional=True),
        subjects=entry.references("subjects", N_("monitored subject"), register.subjects),
        objects=entry.references("objects", N_("monitored object"), register.objects),
        risk_goods=_goods(entry.entry("risk_goods")),
        cover_goods=_goods(entry.entry("cover_goods")) if entry.has("cover_goods") else None,
        countries=countries,
        routes=entry.words_or_none("routes"),
        likelihood=_grade(entry.entry("likelihood"), N_("likelihood band"), bands[0]),
        consequence=_grade(entry.entry("consequence"), N_("consequence band"), bands[1]),
        owner=entry.text("owner"),
        review_by=entry.day("review_by"),
        source=read_source(entry, laws),
    )
    entry.close()
    return area


def _goods(entry: Entry) -> GoodsOfArea:
    codes = entry.texts("codes", optional=True)
    for found in entry.scalars("codes", optional=True):
        if not HS_PREFIX.fullmatch(found.text):
            template = N_("{found!r} is not the beginning of an HS code; write 2 to 10 digits")
            entry.problems.add("pack-hs-prefix", found.place, template, found=found.text)
    goods = GoodsOfArea(codes, entry.words("name"))
    entry.close()
    return goods


def _grade(entry: Entry, what: str, bands: Collection[str]) -> Grade:
    grade = Grade(entry.reference("band", what, bands), entry.words("note"))
    entry.close()
    return grade
