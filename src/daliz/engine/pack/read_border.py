"""Reads what a border is made of: offices, procedures, rest days, directions, lists, rules of good data."""

import re
from collections.abc import Collection, Mapping

from daliz.engine.features import VOCABULARY, Feature, Grain, Kind, Unit, Vocabulary
from daliz.engine.pack.border import CodeList, Contract, Holiday, NamedList, Office, Procedure
from daliz.engine.pack.expressions import Expressions
from daliz.engine.pack.reader import Entry
from daliz.engine.records.schema import DECLARATIONS
from daliz.language import N_, Text

COUNTRY = re.compile(r"[A-Z]{2}")
FEATURE = re.compile(r"(?:item|declaration)\.[a-z][a-z0-9_]{0,62}")
OFFICE_KINDS = ("inland", "road", "rail", "port", "airport")
DIRECTIONS = ("import", "export", "transit", "passenger")
KINDS = tuple(kind.value for kind in Kind)


def read_offices(root: Entry, regions: Collection[str]) -> dict[str, Office]:
    """Return the offices by code."""
    offices = {}
    for code, entry in root.coded("offices"):
        region = entry.reference("region", N_("region"), regions)
        offices[code] = Office(
            code=code,
            name=entry.words("name"),
            region=region,
            pool=entry.text("pool", optional=True) or region,
            kind=entry.choice("kind", OFFICE_KINDS),
            neighbour=entry.text("neighbour", optional=True, pattern=COUNTRY) or None,
        )
        entry.close()
    return offices


def read_procedures(root: Entry) -> dict[str, Procedure]:
    """Return the procedures by code."""
    procedures = {}
    for code, entry in root.coded("procedures"):
        procedures[code] = Procedure(code, entry.words("name"), entry.choice("direction", DIRECTIONS))
        entry.close()
    return procedures


def read_holidays(root: Entry) -> tuple[Holiday, ...]:
    """Return the days of rest; a date stands once, under one name."""
    holidays = []
    seen: dict[str, int] = {}
    for _code, entry in root.coded("holidays"):
        dates = []
        for found in entry.scalars("dates"):
            if found.text in seen:
                template = N_("{found} is a holiday already on line {line}")
                entry.problems.add(
                    "pack-repeated", found.place, template, found=found.text, line=seen[found.text]
                )
            seen[found.text] = found.place.line
            dates.append(entry.as_day(found))
        holidays.append(Holiday(entry.words("name"), tuple(sorted(dates))))
        entry.close()
    return tuple(holidays)


def read_source(entry: Entry, laws: Mapping[str, Text]) -> Text:
    """Return the public law that ``source`` cites, as a sentence in three languages.

    Each citation names a law of the pack and may name articles or chapters.
    """
    parts: dict[str, list[str]] = {"en": [], "ru": [], "kk": []}
    for citation in entry.entries("source"):
        law = laws.get(citation.reference("law", N_("law"), laws))
        articles = citation.text("articles", optional=True)
        chapters = citation.text("chapters", optional=True)
        citation.close()
        if law is None:
            continue
        en, ru, kk = law.en, law.ru, law.kk
        if articles:
            en, ru, kk = f"{en}, art. {articles}", f"{ru}, ст. {articles}", f"{kk}, {articles}-бап"
        if chapters:
            en, ru, kk = f"{en}, ch. {chapters}", f"{ru}, гл. {chapters}", f"{kk}, {chapters}-тарау"
        for lang, words in (("en", en), ("ru", ru), ("kk", kk)):
            parts[lang].append(words)
    if entry.has("source") and not parts["en"]:
        entry.problems.add("pack-source", entry.place("source"), N_("at least one law of this pack is cited"))
    return Text(**{lang: "; ".join(words) for lang, words in parts.items()})


def read_lists(root: Entry, laws: Mapping[str, Text]) -> dict[str, NamedList]:
    """Return the named lists by code; members are sorted, each once."""
    lists = {}
    for code, entry in root.coded("lists", optional=True):
        members = entry.texts("members")
        if entry.has("members") and not members:
            entry.problems.add("pack-empty", entry.place("members"), N_("a list has at least one member"))
        lists[code] = NamedList(
            code=code,
            name=entry.words("name"),
            kind=Kind(entry.choice("kind", (Kind.TEXT.value,), default=Kind.TEXT.value) or Kind.TEXT),
            members=tuple(sorted(members)),
            source=read_source(entry, laws),
        )
        entry.close()
    return lists


def read_code_lists(root: Entry, laws: Mapping[str, Text]) -> dict[str, CodeList]:
    """Return the code lists by code."""
    lists = {}
    for code, entry in root.coded("code_lists", optional=True):
        lists[code] = CodeList(
            code, entry.words("name"), read_source(entry, laws), entry.coded_words("members")
        )
        entry.close()
    return lists


def read_vocabulary(root: Entry) -> Vocabulary:
    """Return the built-in names and the pack's own, ``item.column`` or ``declaration.column``.

    An own name is the value of a further column of the declarations, called like the name after the dot.
    """
    own = []
    for name, entry in root.coded("vocabulary", optional=True):
        group = name.partition(".")[0]
        if not FEATURE.fullmatch(name) or name in VOCABULARY:
            template = N_("{found!r}: a pack's own name is new, item.column_name or declaration.column_name")
            entry.problems.add("pack-vocabulary", entry.node.place, template, found=name)
            continue
        label, unknown = entry.words("label"), entry.words("unknown")
        kind = entry.member("kind", Kind)
        unit = Unit.of(entry.text("unit", optional=True))
        grain = Grain.ITEM if group == "item" else Grain.DECLARATION
        own.append(Feature(name, label, kind, grain, unknown, group, unit))
        entry.close()
    return VOCABULARY.extended(own)


def read_contracts(root: Entry, expressions: Expressions) -> tuple[Contract, ...]:
    """Return the rules of good data in their order."""
    contracts = []
    for code, entry in root.coded("contracts", optional=True):
        field = entry.reference("field", N_("column"), DECLARATIONS.names)
        rule = expressions.read(entry, "rule")
        message = entry.words("message")
        entry.close()
        if rule is not None:
            contracts.append(Contract(code, field, rule, message))
    return tuple(contracts)
