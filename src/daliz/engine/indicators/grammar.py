"""The grammar: sqlglot's parser, fed with our own tokens and stripped of everything the language lacks.

Because the tokens are ours, no statement, cast, placeholder or comment can reach the parser; because its
tables are emptied, every call is a plain call with a name and arguments. What it returns is still only
material: ``reader`` converts it node by node and refuses whatever it does not know.
"""

from collections.abc import Callable
from typing import ClassVar, Final, NoReturn

from sqlglot import exp
from sqlglot.errors import ParseError
from sqlglot.parser import SENTINEL_NONE, Parser
from sqlglot.tokenizer_core import Token as SqlToken
from sqlglot.tokenizer_core import TokenType

from daliz.engine.indicators.errors import ExpressionError, Place
from daliz.engine.indicators.scanner import Sort, Token
from daliz.language import N_

_SORTS: Final = {Sort.NAME: TokenType.VAR, Sort.NUMBER: TokenType.NUMBER, Sort.STRING: TokenType.STRING}
_KEYWORDS: Final = {
    "AND": TokenType.AND,
    "OR": TokenType.OR,
    "NOT": TokenType.NOT,
    "IN": TokenType.IN,
    "LIKE": TokenType.LIKE,
    "BETWEEN": TokenType.BETWEEN,
    "IS": TokenType.IS,
    "NULL": TokenType.NULL,
    "TRUE": TokenType.TRUE,
    "FALSE": TokenType.FALSE,
}
_SIGNS: Final = {
    "=": TokenType.EQ,
    "<>": TokenType.NEQ,
    "<": TokenType.LT,
    "<=": TokenType.LTE,
    ">": TokenType.GT,
    ">=": TokenType.GTE,
    "+": TokenType.PLUS,
    "-": TokenType.DASH,
    "*": TokenType.STAR,
    "/": TokenType.SLASH,
    "(": TokenType.L_PAREN,
    ")": TokenType.R_PAREN,
    ",": TokenType.COMMA,
    ".": TokenType.DOT,
}
_Primary = Callable[[Parser, SqlToken], exp.Expr | None]


def parse_tokens(tokens: list[Token], text: str) -> exp.Expr:
    """Return sqlglot's tree of the one expression that ``tokens`` make.

    Raises:
        ExpressionError: the tokens do not fit together.
    """
    try:
        trees = _Grammar().parse([_as_sqlglot(token) for token in _dates(tokens)], text)
    except ParseError as error:  # pragma: no cover -- raise_error below speaks first
        raise _misplaced(tokens[-1].place) from error
    except RecursionError as error:
        raise ExpressionError(
            N_("The expression is nested too deeply."), code="too-deep", place=Place(text, 0, len(text))
        ) from error
    if len(trees) != 1 or trees[0] is None:
        raise _misplaced(tokens[0].place)
    return trees[0]


def _dates(tokens: list[Token]) -> list[Token]:
    """Write ``DATE '2025-01-31'`` as the call ``date('2025-01-31')``."""
    written: list[Token] = []
    for token in tokens:
        before = written[-1] if written else None
        if (
            token.sort is Sort.STRING
            and before is not None
            and before.sort is Sort.NAME
            and before.value.lower() == "date"
            and (len(written) < 2 or written[-2].value != ".")
        ):
            written += [Token(Sort.SIGN, "(", token.place), token, Token(Sort.SIGN, ")", token.place)]
        else:
            written.append(token)
    return written


def _as_sqlglot(token: Token) -> SqlToken:
    kind = _SORTS.get(token.sort) or (_KEYWORDS if token.sort is Sort.KEYWORD else _SIGNS)[token.value]
    return SqlToken(kind, token.value, start=token.place.start, end=token.place.end - 1)


def _misplaced(place: Place) -> ExpressionError:
    return ExpressionError(
        N_("{found} does not fit here: something before it is missing or too much."),
        code="syntax",
        place=place,
    )


def _literal(make: Callable[[SqlToken], exp.Expr]) -> _Primary:
    return lambda parser, token: parser.expression(make(token), token)


class _Grammar(Parser):
    """sqlglot's parser without functions, types, windows, lambdas, casts and statements."""

    FUNCTIONS: ClassVar = {}
    FUNCTION_PARSERS: ClassVar = {}
    NO_PAREN_FUNCTIONS: ClassVar = {}
    NO_PAREN_FUNCTION_PARSERS: ClassVar = {}
    STATEMENT_PARSERS: ClassVar = {}
    QUERY_MODIFIER_PARSERS: ClassVar = {}
    LAMBDAS: ClassVar = {}
    BITWISE: ClassVar = {}
    EXPONENT: ClassVar = {}
    ASSIGNMENT: ClassVar = {}
    TERM: ClassVar = {TokenType.DASH: exp.Sub, TokenType.PLUS: exp.Add}
    FACTOR: ClassVar = {TokenType.SLASH: exp.Div, TokenType.STAR: exp.Mul}
    EQUALITY: ClassVar = {TokenType.EQ: exp.EQ, TokenType.NEQ: exp.NEQ}
    CONJUNCTION: ClassVar = {TokenType.AND: exp.And}
    DISJUNCTION: ClassVar = {TokenType.OR: exp.Or}
    COLUMN_OPERATORS: ClassVar = {TokenType.DOT: None}
    UNARY_PARSERS: ClassVar = {kind: Parser.UNARY_PARSERS[kind] for kind in (TokenType.NOT, TokenType.DASH)}
    RANGE_PARSERS: ClassVar = {
        kind: Parser.RANGE_PARSERS[kind]
        for kind in (TokenType.BETWEEN, TokenType.IN, TokenType.IS, TokenType.LIKE)
    }
    PRIMARY_PARSERS: ClassVar = {
        TokenType.STRING: _literal(lambda token: exp.Literal(this=token.text, is_string=True)),
        TokenType.NUMBER: _literal(lambda token: exp.Literal(this=token.text, is_string=False)),
        TokenType.NULL: _literal(lambda _: exp.Null()),
        TokenType.TRUE: _literal(lambda _: exp.Boolean(this=True)),
        TokenType.FALSE: _literal(lambda _: exp.Boolean(this=False)),
    }

    def raise_error(self, message: str, token: SqlToken = SENTINEL_NONE) -> NoReturn:
        """Say in our words, at once, where the tokens stop fitting together."""
        token = token or self._curr
        if not token:
            last = self._prev
            raise ExpressionError(
                N_("The expression ends too early: something is missing after {found}."), code="syntax",
                place=Place(self.sql, last.start, last.end + 1),
            )  # fmt: skip
        raise _misplaced(Place(self.sql, token.start, token.end + 1))
