"""What a strategy is: it sees declarations, is told what its controls found, and says whom to control.

A strategy never sees the truth. It is told of the past by ``observe``, of findings by ``learn``, and asked by
``decide``; it keeps between the calls whatever it wants to remember. The calls of one day come in this order:

1. ``learn``: what became known before the day began, of any earlier day;
2. ``observe`` the day's declarations, while the past is being told; else ``decide`` on them, once each.

What was decided on is not told again by ``observe``. ``now`` is an instant of UTC: for ``learn`` the
beginning of the day, for ``observe`` and ``decide`` the instant by which the declarations are registered.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Final, Protocol, runtime_checkable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from daliz.language import N_, DalizError

_FIELDS: "Final[list[pa.Field[Any]]]" = [
    pa.field("declaration_id", pa.string(), nullable=False),
    pa.field("control_form", pa.string()),
    pa.field("propensity", pa.float64(), nullable=False),
    pa.field("in_random", pa.bool_(), nullable=False),
    pa.field("probability", pa.float64()),
    pa.field("expected_damage", pa.float64()),
    pa.field("reason", pa.string()),
]
ANSWER: Final[pa.Schema] = pa.schema(_FIELDS)
"""What ``decide`` returns: one row a declaration, best first within each form of control.

- ``control_form``: ``documents``, ``physical``, …; null for no control.
- ``propensity``: how likely this control was, above 0 up to 1: 1 if chosen for certain; for ``in_random`` the
  chance of the draw. Without control: how likely a control was, 0 if nothing could have led to one.
- ``in_random``: drawn by chance, from all declarations or all of a stratum, whatever else speaks for them.
- ``probability``: that the control given would find something (without control: the most revealing one), 0 to
  1; null if the strategy does not say.
- ``expected_damage``: money that it would recover on average, 0 or more, national currency; null likewise.
- ``reason``: in a few words, or null.
"""


class StrategyError(DalizError):
    """There is no such strategy, or its answer is not one."""

    code: ClassVar[str] = "strategy"


@dataclass(frozen=True, slots=True)
class Capacity:
    """How much control there is for the declarations at hand, in one of two ways.

    Opening the goods includes checking the documents and counts as physical control only.

    Attributes:
        declarations: for each form of control, how many declarations.
        minutes: officer minutes for each pool (an office, a pool of the pack, or ``*`` for all) and form.

    Example:
        >>> Capacity(declarations={"documents": 64, "physical": 16}).forms
        ('documents', 'physical')
    """

    declarations: Mapping[str, int] = field(default_factory=dict)
    minutes: Mapping[tuple[str, str], float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.declarations and self.minutes:
            raise StrategyError(N_("capacity is stated in declarations or in minutes, not in both"))

    @property
    def forms(self) -> tuple[str, ...]:
        """The forms of control for which anything is stated, in alphabetical order."""
        return tuple(sorted({*self.declarations, *(form for _, form in self.minutes)}))


@runtime_checkable
class Strategy(Protocol):
    """A whole way of choosing whom to control."""

    def observe(
        self, declarations: pa.Table, *, now: datetime, transport_means: pa.Table | None = None
    ) -> None:
        """Take declarations that it may learn from; nothing is asked.

        Args:
            declarations: canonical, one row a goods item.
            now: the instant by which they are registered, UTC.
            transport_means: canonical, of these declarations; None where the source has none.
        """

    def learn(self, findings: pa.Table, *, now: datetime) -> None:
        """Take findings that became known since the last call, and only these.

        A finding may be provisional; the one that settles or annuls it comes later and names it in
        ``supersedes``. During a full labelling every declaration has a finding of each form; afterwards only
        what the strategy's own decisions had controlled. No finding is not the same as clean.

        Args:
            findings: canonical; ``known_at`` lies before ``now``.
            now: UTC.
        """

    def decide(
        self,
        declarations: pa.Table,
        *,
        capacity: Capacity,
        now: datetime,
        transport_means: pa.Table | None = None,
    ) -> pa.Table:
        """Say whom to control, and how, of one day's or one hour's declarations.

        Args:
            declarations: canonical, one row a goods item.
            capacity: for all of them together. What exceeds it is not carried out, the last rows first.
            now: the instant by which they are registered, UTC.
            transport_means: as in ``observe``.

        Returns:
            As ``ANSWER``: a row for every declaration, best first within each form of control.
        """


def answer(
    declaration_id: Sequence[str],
    control_form: Sequence[str | None],
    *,
    propensity: Sequence[float] | None = None,
    in_random: Sequence[bool] | None = None,
    probability: Sequence[float | None] | None = None,
    expected_damage: Sequence[float | None] | None = None,
    reason: Sequence[str | None] | None = None,
) -> pa.Table:
    """Put an answer together from lists or arrays, best first; what is left out gets its plain meaning.

    Args:
        declaration_id: every declaration that was given, once.
        control_form: for each, or None.
        propensity: 1 for each control and 0 for each declaration without one if left out.
        in_random: nobody if left out.
        probability: unknown if left out.
        expected_damage: unknown if left out.
        reason: none if left out.

    Example:
        >>> answer(["D1", "D2"], ["documents", None])["propensity"].to_pylist()
        [1.0, 0.0]
    """
    size = len(declaration_id)
    columns: dict[str, Sequence[object]] = {
        "declaration_id": declaration_id,
        "control_form": control_form,
        "propensity": [float(form is not None) for form in control_form]
        if propensity is None
        else propensity,
        "in_random": [False] * size if in_random is None else in_random,
        "probability": [None] * size if probability is None else probability,
        "expected_damage": [None] * size if expected_damage is None else expected_damage,
        "reason": [None] * size if reason is None else reason,
    }
    return pa.Table.from_arrays(
        [pa.array(columns[wanted.name], wanted.type) for wanted in _FIELDS], schema=ANSWER
    )


def checked(table: pa.Table, declarations: pa.Table, *, capacity: Capacity) -> pa.Table:
    """Return an answer with its columns in order and in their types, if it is one.

    Args:
        table: what ``decide`` returned.
        declarations: what it was asked about.
        capacity: what it was given.

    Raises:
        StrategyError: a column is missing or of another type, a declaration is missing, doubled or foreign,
            a form has no capacity, or a number is out of its range.

    Example:
        >>> asked = pa.table({"declaration_id": ["D1", "D1", "D2"]})
        >>> papers = Capacity(declarations={"documents": 1})
        >>> checked(answer(["D2", "D1"], ["documents", None]), asked, capacity=papers).num_rows
        2
    """
    if not isinstance(table, pa.Table):
        raise StrategyError(N_("decide returned {found}, not a table"), found=type(table).__name__)
    missing = [wanted.name for wanted in ANSWER if wanted.name not in table.column_names]
    if missing:
        raise StrategyError(N_("the answer lacks the columns {names}"), names=", ".join(missing))
    try:
        given = table.select(ANSWER.names).cast(ANSWER)
    except (pa.ArrowException, ValueError) as error:
        raise StrategyError(
            N_("the answer has a column of another type: {detail}"), detail=str(error).splitlines()[0]
        ) from error
    _each_once(given, declarations)
    forms = [form for form in given["control_form"].to_pylist() if form is not None]
    strange = sorted(set(forms) - set(capacity.forms))
    if strange:
        raise StrategyError(
            N_("the answer has the form of control {found}, for which there is no capacity"),
            found=", ".join(strange),
        )
    for name, most in (("propensity", 1.0), ("probability", 1.0), ("expected_damage", np.inf)):
        values = given[name].drop_null().to_numpy()
        if not ((values >= 0) & (values <= most)).all():
            raise StrategyError(N_("{column}: a value lies outside 0 to {most}"), column=name, most=most)
    chosen = given["control_form"].is_valid().to_numpy()
    if (given["propensity"].to_numpy()[chosen] <= 0).any():
        raise StrategyError(N_("a control has the propensity 0, though it was chosen"))
    return given


def _each_once(given: pa.Table, declarations: pa.Table) -> None:
    asked, ids = pc.unique(declarations["declaration_id"]), given["declaration_id"]
    if len(pc.unique(ids)) != len(ids):
        raise StrategyError(N_("the answer has a declaration twice"))
    if len(ids) != len(asked) or not pc.all(pc.is_in(ids, value_set=asked), min_count=0).as_py():
        raise StrategyError(
            N_("the answer has {found} declarations; it was asked about {expected}, each needs its row"),
            found=len(ids), expected=len(asked),
        )  # fmt: skip
