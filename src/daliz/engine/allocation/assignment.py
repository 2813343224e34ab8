"""The best use of one day's officers, each declaration in the form of control that brings most."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from daliz.engine.allocation.programme import Flags, Floats, Options, choose


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who is controlled in which form.

    Attributes:
        form: index of the form of control of each declaration, -1 for none, shape (n,).
        value: what the controls are expected to bring, money.
        bound: what no assignment can exceed, money; equal to ``value`` where controls are counted.
        price: what one more unit of each form's capacity would bring, money per unit, shape (forms,).
        floor_price: what one unit less of each form's floor would bring, money per unit, shape (forms,).
    """

    form: NDArray[np.intp]
    value: float
    bound: float
    price: Floats
    floor_price: Floats

    @property
    def gap(self) -> float:
        """What the assignment may lack to the best, as a share of the bound, 0 to 1."""
        return 1 - self.value / self.bound if self.bound > 0 else 0.0


def assign(
    gain: Floats,
    cost: Floats,
    capacity: Floats,
    *,
    allowed: Flags | None = None,
    non_fiscal: Flags | None = None,
    floor: Floats | None = None,
) -> Assignment:
    """Give each declaration the form of control, or none, so that the day's gain is greatest.

    With counts (all costs 1) or one cost for each form the assignment is exact: declarations on one side,
    forms on the other make a bipartite graph, whose programme has whole vertices. With minutes that differ
    it is a knapsack; ``gap`` tells how far from the best it can be.

    Args:
        gain: what each form is expected to bring, net of what it costs, money, shape (n, forms); 0 or less,
            or not a number, is never chosen.
        cost: what it takes of the form's capacity, above 0, shape (n, forms).
        capacity: of each form, shape (forms,).
        allowed: forms that may be chosen for each declaration, shape (n, forms); all if left out.
        non_fiscal: options for which the floor is kept, shape (n, forms).
        floor: the part of each form's capacity kept for them, as far as they can use it, shape (forms,).

    Sources:
        [hoffman1956].

    Example:
        >>> papers_and_goods = np.array([[9.0, 10.0], [1.0, 8.0], [2.0, 3.0]])
        >>> day = assign(papers_and_goods, np.ones((3, 2)), np.array([1.0, 1.0]))
        >>> day.form.tolist(), day.value
        ([0, 1, -1], 17.0)
        >>> day.price.round(6).tolist()  # one more document check: 2; one more opening: 3
        [2.0, 3.0]
    """
    known = np.isfinite(gain) if allowed is None else allowed & np.isfinite(gain)
    declaration, form = np.nonzero(known)
    options = Options(
        declaration=declaration,
        lane=form,
        gain=gain[known],
        cost=cost[known],
        non_fiscal=np.zeros(len(form), dtype=np.bool_) if non_fiscal is None else non_fiscal[known],
    )
    choice = choose(options, capacity=capacity, floor=np.zeros(len(capacity)) if floor is None else floor)
    given = np.full(len(gain), -1, dtype=np.intp)
    given[declaration[choice.chosen]] = form[choice.chosen]
    return Assignment(given, choice.value, choice.bound, choice.price, choice.floor_price)
