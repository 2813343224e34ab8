"""SQL that turns texts of a source into values of canonical types, or says what is wrong with them.

Nothing is guessed and nothing silently changed: white space around a value is dropped, money is rounded
to two places half away from zero straight from its decimal text, and every other text that does not fit
its type is a reason for the quarantine.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pyarrow as pa

from daliz.engine.reading.mapping import UNITS, Rule
from daliz.engine.records.duck import text_literal
from daliz.engine.records.files import sql_type
from daliz.engine.records.schema import Column
from daliz.language import N_

REASONS: Final = {
    "value-missing": N_("The value is missing and the column is required."),
    "value-unmapped": N_("The mapping's codes do not name this value."),
    "value-not-number": N_("The value is not a number."),
    "value-not-finite": N_("The value is not a finite number."),
    "value-not-whole": N_("The value is not a whole number."),
    "value-too-large": N_("The number does not fit the column."),
    "value-not-date": N_("The value is not a date or instant in a known format."),
    "value-not-flag": N_("The value is neither true nor false."),
    "value-not-text": N_("The value has characters that no text has."),
    "header-differs": N_("The rows of the declaration do not agree on this column."),
    "item-duplicate": N_("The goods item stands more than once in this version of the declaration."),
}
"""Stable codes of the structural reasons, with what is told of them."""

_SPACES: Final = "' \t\r\n\u00a0\u202f\ufeff'"
_NUMBER: Final = r"'[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?'"
_NOT_FINITE: Final = "'[+-]?(nan|inf|infinity)'"
_OFFSET: Final = r"'\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}(:?\d{2})?)'"
_ISO: Final = (
    "%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M",
    "%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%dT%H:%M:%S.%f",
)  # fmt: skip
_TRUE: Final = "('true', '1', 'yes', 'y', 'да', 'иә')"
_FALSE: Final = "('false', '0', 'no', 'n', 'нет', 'жоқ')"


@dataclass(frozen=True, slots=True)
class Writing:
    """How values of a source are written.

    Attributes:
        decimal: the decimal sign.
        group: the sign between thousands, if one is stated.
        zone: IANA zone of dates and of instants without an offset.
        nulls: texts that mean unknown, besides the empty one.
    """

    decimal: str
    group: str | None
    zone: str
    nulls: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One column in three steps, each reading the one before: ``{raw}`` → ``{text}`` → value, wrong.

    Attributes:
        raw: the source's text, trimmed; null if it means unknown.
        text: after the mapping's codes; ``{raw}`` stands for the step before.
        value: typed; ``{text}`` stands for the step before.
        wrong: code of what is wrong, or null; ``{raw}``, ``{text}`` and ``{value}`` stand for the steps.
    """

    raw: str
    text: str
    value: str
    wrong: str


def filled(template: str, names: Mapping[str, str]) -> str:
    """Put SQL in the places ``{raw}``, ``{text}`` and ``{value}`` of a step.

    Example:
        >>> filled("upper({raw})", {"raw": "r1"})
        'upper(r1)'
    """
    return re.sub(r"\{(raw|text|value)\}", lambda found: names[found[1]], template)


def raw_sql(columns: Sequence[str], rule: Rule, writing: Writing) -> str:
    """Return the trimmed text of the first of ``columns`` that is not unknown."""
    cleaned = []
    unknown = ", ".join(text_literal(text) for text in ("", *writing.nulls))
    for column in columns:
        text = f"trim({column}, {_SPACES})"
        if rule.strip:
            text = f"translate({text}, {text_literal(rule.strip)}, '')"
        cleaned.append(f"CASE WHEN {text} NOT IN ({unknown}) THEN {text} END")
    text = f"coalesce({', '.join(cleaned)})" if len(cleaned) > 1 else cleaned[0]
    if rule.pad:
        return f"CASE WHEN length({text}) < {rule.pad} THEN lpad({text}, {rule.pad}, '0') ELSE {text} END"
    return text


def cell_of(raw: str, rule: Rule, column: Column, writing: Writing) -> Cell:
    """Return the steps from the SQL of a trimmed text to the value of ``column``."""
    text = "{raw}"
    unmapped = ""
    if rule.codes is not None:
        cases = "".join(
            f" WHEN {text_literal(key)} THEN {'NULL' if value is None else text_literal(value)}"
            for key, value in rule.codes.items()
        )
        other = "{raw}" if rule.otherwise == "keep" else "NULL"
        text = f"CASE {{raw}}{cases} ELSE {other} END"
        if rule.otherwise == "refuse":
            keys = ", ".join(map(text_literal, rule.codes))
            unmapped = f"WHEN {{raw}} NOT IN ({keys}) THEN 'value-unmapped' "
    value, code = _value(rule, column.type, writing)
    missing = "WHEN {value} IS NULL THEN 'value-missing' " if column.required else ""
    failed = f"WHEN {{text}} IS NOT NULL AND {{value}} IS NULL THEN {code} "
    return Cell(raw, text, value, f"CASE {unmapped}{failed}{missing}END")


def _value(rule: Rule, type_: pa.DataType, writing: Writing) -> tuple[str, str]:  # noqa: PLR0911 -- one a type
    """Return the SQL of the value and of the code to give when it is null though the text is not."""
    if type_ == pa.string():
        return "{text}", "'value-not-text'"
    if type_ == pa.bool_():
        return (
            f"CASE WHEN lower({{text}}) IN {_TRUE} THEN true WHEN lower({{text}}) IN {_FALSE} THEN false END",
            "'value-not-flag'",
        )
    if type_ == pa.date32():
        return f"CAST({_local(rule)} AS DATE)", "'value-not-date'"
    if pa.types.is_timestamp(type_):
        return _instant(rule, writing), "'value-not-date'"
    number = _number_text(writing)
    code = (
        f"CASE WHEN regexp_full_match(lower({{text}}), {_NOT_FINITE}) THEN 'value-not-finite' "
        f"WHEN {number} IS NULL THEN 'value-not-number' ELSE 'value-too-large' END"
    )
    if type_ == pa.int32():
        whole = rf"CASE WHEN regexp_full_match({number}, '[+-]?[0-9]+(\.0*)?') THEN {number} END"
        whole_code = (
            f"CASE WHEN {number} IS NOT NULL AND {whole} IS NULL THEN 'value-not-whole' ELSE {code} END"
        )
        return f"TRY_CAST({whole} AS INTEGER)", whole_code
    times, over = UNITS[rule.unit or "kg"]
    if pa.types.is_decimal(type_):
        if (times, over) == (1, 1):
            return f"TRY_CAST({number} AS {sql_type(type_)})", code
        scaled = f"TRY_CAST({number} AS DECIMAL(28, 8)) * CAST({times / over} AS DECIMAL(9, 2))"
        return f"TRY_CAST({scaled} AS {sql_type(type_)})", code
    amount = f"TRY_CAST({number} AS DOUBLE)"
    if (times, over) != (1, 1):
        amount = f"({amount} * {times} / {over})"
    return f"CASE WHEN isfinite({amount}) THEN {amount} END", code


def _number_text(writing: Writing) -> str:
    """Return the number with a point and no signs between thousands; null if it is no number."""
    grouped = ["[ \u00a0\u202f]"]
    if writing.group is not None:
        grouped.append(f"[{writing.group}]")
    text = "{text}"
    point = rf"[{writing.decimal}]"
    for group in grouped:
        pattern = rf"[+-]?[0-9]{{1,3}}({group}[0-9]{{3}})+({point}[0-9]+)?"
        text = (
            f"CASE WHEN regexp_full_match({text}, {text_literal(pattern)}) "
            f"THEN regexp_replace({text}, {text_literal(group)}, '', 'g') ELSE {text} END"
        )
    if writing.decimal == ",":
        text = f"CASE WHEN contains({text}, '.') THEN NULL ELSE replace({text}, ',', '.') END"
    plain = f"CASE WHEN regexp_full_match({text}, {_NUMBER}) THEN {text} END"
    if writing.decimal == ".":
        return f"CASE WHEN regexp_full_match({{text}}, {_NUMBER}) THEN {{text}} ELSE {plain} END"
    return plain


def _local(rule: Rule) -> str:
    formats = ", ".join(map(text_literal, rule.formats or _ISO))
    naive = f"try_strptime({{text}}, [{formats}])"
    if rule.at is None:
        return naive
    at = f"INTERVAL '{rule.at if rule.at.count(':') == 2 else rule.at + ':00'}'"
    return f"CASE WHEN CAST({naive} AS TIME) = TIME '00:00:00' THEN {naive} + {at} ELSE {naive} END"


def _instant(rule: Rule, writing: Writing) -> str:
    local = f"timezone({text_literal(writing.zone)}, {_local(rule)})"
    if rule.formats:
        return local
    return (
        f"CASE WHEN regexp_full_match({{text}}, {_OFFSET}) THEN TRY_CAST({{text}} AS TIMESTAMPTZ) "
        f"ELSE {local} END"
    )
