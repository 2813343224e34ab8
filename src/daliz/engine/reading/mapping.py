"""The mapping: how the columns of someone's file become the columns of the canonical tables.

A mapping is YAML, so that whoever knows the file can write it without touching code.
"""

from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Annotated, Final, Literal
from zoneinfo import ZoneInfo

import pyarrow as pa
import yaml
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from daliz.engine.reading.errors import ReadingError
from daliz.engine.records.schema import TABLES, Column
from daliz.language import N_

UNITS: Final[Mapping[str, tuple[int, int]]] = {
    "kg": (1, 1), "g": (1, 1000), "t": (1000, 1), "centner": (100, 1),
    "percent": (1, 100), "hundredth": (1, 100), "thousand": (1000, 1), "million": (1_000_000, 1),
}  # fmt: skip
"""Units a column may be in: by what a value is multiplied, and then divided."""

MAPPED: Final = tuple(name for name in TABLES if name not in ("quarantine", "differences", "truth"))
"""The tables that a source can fill."""


def _as_text(value: object) -> object:
    """Give a scalar of YAML as the text it stands for; a flag in lower case."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float) else value


Word = Annotated[str, BeforeValidator(_as_text)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Rule(_Strict):
    """How one canonical column is filled: exactly one of ``from``, ``constant``, ``expression``, ``count``.

    Attributes:
        source: column of the source, or several of which the first that is not empty counts (``from``).
        constant: the same value in every row.
        expression: an expression of our own language over ``source.<column>``; not for money, which is
            never computed in binary.
        count: for ``item_no``: number the rows of a declaration in the order of the source.
        codes: value in the source → canonical value; null makes it unknown.
        otherwise: what becomes of a value that ``codes`` does not name.
        unit: the unit of the column in the source.
        formats: how dates and instants are written (strftime), tried in order; ISO if none is given.
        at: local time of day of an instant that is written as a date.
        strip: characters to take out of the value wherever they stand (``" ."`` for ``4408.90 10``).
        pad: fill up with zeros on the left to this length (codes that a spreadsheet took for numbers).
        split: one value is several, with this sign between; only for the tables below a declaration.
    """

    source: tuple[str, ...] = Field(default=(), alias="from")
    constant: Word | None = None
    expression: str | None = None
    count: bool = False
    codes: Mapping[Word, Word | None] | None = None
    otherwise: Literal["refuse", "keep", "unknown"] = "refuse"
    unit: Literal["kg", "g", "t", "centner", "percent", "hundredth", "thousand", "million"] | None = None
    formats: tuple[str, ...] = ()
    at: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$")] | None = None
    strip: str = ""
    pad: Annotated[int, Field(ge=0, le=20)] = 0
    split: str | None = None

    @field_validator("formats")
    @classmethod
    def _no_offset(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if any("%z" in text.lower() for text in value):
            raise ValueError("an offset is understood in ISO instants only; leave formats out")
        return value

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, value: object) -> object:
        return {"from": [value]} if isinstance(value, str) else value

    @field_validator("source", mode="before")
    @classmethod
    def _one_or_several(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _one_origin(self) -> "Rule":
        stated = [bool(self.source), self.constant is not None, self.expression is not None, self.count]
        if sum(stated) != 1:
            raise ValueError("state exactly one of from, constant, expression, count")
        return self


class Layout(_Strict):
    """How the file is written; what is not stated is detected.

    Attributes:
        encoding: of a CSV file (``utf-8``, ``cp1251``, ``utf-16``, …).
        delimiter: between the columns of a CSV file.
        quote: around values of a CSV file.
        decimal: the decimal sign.
        group: the sign between thousands; spaces are always understood.
        sheet: of an Excel file; the first if not stated.
        zone: IANA time zone of dates and of instants without an offset.
        nulls: texts that mean unknown, besides the empty one.
        names: for expressions: how a source column is called there (``mass: Вес``), after ``source.``; a
            column with a Latin name is also known by that, in lower case with ``_`` for other signs.
        kinds: for expressions: what a source column holds, if not text.
    """

    encoding: str | None = None
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    quote: Annotated[str, Field(min_length=1, max_length=1)] = '"'
    decimal: Literal[".", ","] | None = None
    group: Literal[".", ",", "'", "’"] | None = None
    sheet: str | None = None
    zone: str | None = None
    nulls: tuple[str, ...] = ()
    names: Mapping[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,62}$")], str] = {}
    kinds: Mapping[str, Literal["text", "number", "date"]] = {}

    @field_validator("zone")
    @classmethod
    def _is_zone(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                ZoneInfo(value)
            except (ValueError, OSError, LookupError) as error:
                raise ValueError(f"{value} is not an IANA time zone such as Asia/Almaty") from error
        return value

    @field_validator("encoding")
    @classmethod
    def _is_encoding(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                "".encode(value)
            except LookupError as error:
                raise ValueError(f"{value} is not an encoding such as utf-8 or cp1251") from error
        return value


class SourceMapping(_Strict):
    """A whole mapping: the layout, the columns of each table, and further columns to keep.

    Attributes:
        name: what the mapping is for.
        source: how the file is written.
        tables: canonical table → canonical column → rule.
        further: further columns to keep with the declarations: name → column of the source. None: all
            columns that no rule uses.
    """

    name: str = ""
    source: Layout = Layout()
    tables: Mapping[str, Mapping[str, Rule]] = {}
    further: Mapping[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,62}$")], str] | None = None

    @model_validator(mode="after")
    def _names_are_canonical(self) -> "SourceMapping":
        for table, rules in self.tables.items():
            if table not in MAPPED:
                raise ValueError(f"tables.{table}: there is no such table; there are {', '.join(MAPPED)}")
            known = {column.name: column for column in TABLES[table].columns}
            for name, rule in rules.items():
                if name not in known:
                    raise ValueError(f"tables.{table}.{name}: not a column of {table}")
                money = pa.types.is_decimal(known[name].type)
                if money and rule.expression is not None:
                    raise ValueError(f"tables.{table}.{name}: money is not computed; use from with unit")
                if rule.unit is not None and rule.unit not in _units_of(known[name]):
                    raise ValueError(f"tables.{table}.{name}: {rule.unit} is not a unit of this column")
                if rule.split is not None and table in ("declarations", "findings"):
                    raise ValueError(f"tables.{table}.{name}: split is for the tables below a declaration")
                if rule.count and name != "item_no":
                    raise ValueError(f"tables.{table}.{name}: count is for item_no")
        for name in self.further or ():
            if name in TABLES["declarations"].names:
                raise ValueError(f"further.{name}: is a canonical column; put it under tables.declarations")
        return self


def _units_of(column: Column) -> tuple[str, ...]:
    if pa.types.is_decimal(column.type):
        return ("hundredth", "thousand", "million")
    if column.name.endswith("_kg"):
        return ("kg", "g", "t", "centner")
    return ("percent", "hundredth", "thousand", "million") if pa.types.is_floating(column.type) else ()


def shipped_mapping(name: str) -> SourceMapping:
    """Return a mapping that Daliz brings along, such as ``korea``.

    Raises:
        ReadingError: there is none of this name.
    """
    folder = resources.files("daliz").joinpath("packs", "mappings")
    names = sorted(f.name.removesuffix(".yaml") for f in folder.iterdir() if f.name.endswith(".yaml"))
    if name not in names:
        raise ReadingError(
            N_("there is no mapping {name}: name a file, or one of {names}"),
            code="mapping-not-found", name=name, names=", ".join(names),
        )  # fmt: skip
    return parse_mapping(folder.joinpath(f"{name}.yaml").read_text(encoding="utf-8"), place=name)


def load_mapping(path: Path) -> SourceMapping:
    """Read and check a mapping.

    Raises:
        ReadingError: it is not right; names file, line and field of every mistake.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ReadingError(
            N_("{place}: the mapping cannot be read: {detail}"),
            code="mapping-unreadable", place=path, detail=str(error),
        ) from error  # fmt: skip
    return parse_mapping(text, place=str(path))


def parse_mapping(text: str, *, place: str = "mapping") -> SourceMapping:
    """Check the text of a mapping; else as ``load_mapping``."""
    try:
        tree = yaml.compose(text, Loader=yaml.SafeLoader)
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise ReadingError(
            N_("{place}:{line}: this is not YAML: {detail}"),
            code="mapping-not-yaml", place=place, line=mark.line + 1 if mark else 1,
            detail=getattr(error, "problem", None) or str(error),
        ) from error  # fmt: skip
    _refuse_twice(tree, place)
    try:
        return SourceMapping.model_validate(data if data is not None else {})
    except ValidationError as error:
        raise ReadingError(
            N_("The mapping is not right:\n{problems}"),
            code="mapping-wrong", problems="\n".join(_told(error, tree, place)),
        ) from error  # fmt: skip


def _told(error: ValidationError, tree: yaml.Node | None, place: str) -> Iterator[str]:
    for problem in error.errors(include_url=False):
        path = tuple(part for part in problem["loc"] if part not in ("function-before", "[key]"))
        message = problem["msg"].removeprefix("Value error, ")
        if not path and ": " in message and message.split(":")[0].replace(".", "").replace("_", "").isalnum():
            path = tuple(message.split(":")[0].split("."))
            message = message.split(": ", 1)[1]
        yield f"{place}:{_line(tree, path)}: {'.'.join(map(str, path)) or 'mapping'}: {message}"


def _line(node: yaml.Node | None, path: tuple[int | str, ...]) -> int:
    """Return the line, from 1, of the deepest node on ``path`` that is there."""
    line = node.start_mark.line + 1 if node is not None else 1
    for part in path:
        found = None
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if key.value == str(part):
                    line, found = key.start_mark.line + 1, value
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            found = node.value[part]
            line = found.start_mark.line + 1
        if found is None:
            break
        node = found
    return line


def _refuse_twice(node: yaml.Node | None, place: str) -> None:
    """Refuse a key that stands twice: YAML would silently keep the last."""
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                raise ReadingError(
                    N_("{place}:{line}: {key} stands twice"),
                    code="mapping-twice", place=place, line=key.start_mark.line + 1, key=key.value,
                )  # fmt: skip
            seen.add(key.value)
            _refuse_twice(value, place)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            _refuse_twice(value, place)
