# ruff: noqa: D102 -- the methods are described where they are first written, in DuckDBSql
"""Spark's SQL: what differs from DuckDB's."""

from typing import Final

from daliz.engine.indicators.duckdb_sql import LISTS, TWICE, DuckDBSql

_LARGEST: Final = "1.7976931348623157e308"


class SparkSql(DuckDBSql):
    """Writes Spark's SQL (3.5 and later), also where ANSI mode forbids division by zero."""

    def column(self, name: str) -> str:
        return "`" + name.replace("`", "``") + "`"

    def text(self, value: str) -> str:
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"

    def pattern(self, pattern: str) -> str:
        return self.text(pattern.replace("\\", "\\\\"))

    def in_list(self, what: str, list_name: str) -> str:
        members = f"SELECT collect_set(member) FROM {LISTS} WHERE list_name = {self.text(list_name)}"
        return f"array_contains(({members}), {what})"

    def matches(self, what: str, pattern: str) -> str:
        return f"({what} RLIKE {self.text(pattern)})"

    def starts_with(self, what: str, beginning: str) -> str:
        return f"startswith({what}, {beginning})"

    def quotient(self, left: str, right: str) -> str:
        return f"try_divide({left}, {right})"

    def finite(self, raw: str) -> str:
        if len(raw) <= TWICE:
            return f"CASE WHEN abs({raw}) <= {_LARGEST} THEN {raw} END"
        return self._finite_once(raw)

    def _finite_once(self, raw: str) -> str:
        return f"get(filter(array({raw}), x -> abs(x) <= {_LARGEST}), 0)"

    def named(self, function: str) -> str:
        return "endswith" if function == "ends_with" else function

    def fold(self, values: list[str], better: str) -> str:
        step = f"CASE WHEN x IS NULL OR y IS NULL THEN NULL WHEN {better} THEN y ELSE x END"
        return f"aggregate(array({', '.join(values[1:])}), {values[0]}, (x, y) -> {step})"

    def days_between(self, start: str, end: str) -> str:
        return f"CAST(datediff({end}, {start}) AS DOUBLE)"

    def ordered_sum(self, what: str) -> str:
        rows = f"sort_array(collect_list(named_struct('n', item_no, 'v', {what})) {self.over})"
        return self._finite_once(f"aggregate({rows}, CAST(0 AS DOUBLE), (x, y) -> x + y.v)")
