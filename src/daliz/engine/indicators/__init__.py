"""The expression language of indicators: parse, check, print, say in a sentence, compile to SQL and Python.

text → ``scanner`` → ``grammar`` (sqlglot) → ``reader`` (kinds, units) → ``nodes``, the one tree; from it
``printer``, ``sentence``, ``tree``, ``sql``, ``python``.
"""

from daliz.engine.indicators.errors import ExpressionError, Place
from daliz.engine.indicators.expression import Expression, parse, parse_indicator
from daliz.engine.indicators.names import Names
from daliz.engine.indicators.python import Program, compile_python, compile_value
from daliz.engine.indicators.sentence import sentence
from daliz.engine.indicators.sql import firing_sql, register_lists, to_sql
from daliz.engine.indicators.tree import from_tree, to_tree

__all__ = [
    "Expression",
    "ExpressionError",
    "Names",
    "Place",
    "Program",
    "compile_python",
    "compile_value",
    "firing_sql",
    "from_tree",
    "parse",
    "parse_indicator",
    "register_lists",
    "sentence",
    "to_sql",
    "to_tree",
]
