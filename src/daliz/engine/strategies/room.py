"""What is left of officers' time while declarations are given to it one by one."""

from collections.abc import Sequence

from daliz.engine.allocation.capacity import EVERYWHERE
from daliz.engine.pack import Pack
from daliz.engine.strategies.day import Day
from daliz.engine.strategies.protocol import Capacity

Lane = tuple[str, str]
"""Pool and form of control."""


class Room:
    """Capacity, and what was taken of it.

    Attributes:
        left: for each pool and form, what is left, in declarations or minutes.
        lanes: for each form, the pool of each declaration.
        cost: what a control of each form takes of it.
    """

    def __init__(self, capacity: Capacity, day: Day, pack: Pack) -> None:
        self._places = {name: place for place, name in enumerate(day.ids)}
        self.left: dict[Lane, float]
        if capacity.minutes:
            self.left, minutes = dict(capacity.minutes), minutes_of(pack)
            self.cost = {form: minutes[form] for form in capacity.forms}
            self.lanes = {form: _pools(form, capacity, day, pack) for form in capacity.forms}
        else:
            self.left = {(EVERYWHERE, form): float(n) for form, n in capacity.declarations.items()}
            self.cost = dict.fromkeys(capacity.forms, 1.0)
            self.lanes = {form: [EVERYWHERE] * len(day) for form in capacity.forms}

    def take(self, declaration: int | str, form: str) -> bool:
        """Take what a control of a declaration (its place or number) needs, and tell whether it was there."""
        place = self._places[declaration] if isinstance(declaration, str) else declaration
        lane = self.lanes[form][place], form
        if self.left.get(lane, 0.0) + 1e-9 < self.cost[form]:
            return False
        self.left[lane] -= self.cost[form]
        return True


def minutes_of(pack: Pack) -> dict[str, float]:
    """Return how long a full control of each form takes by the pack, minutes.

    The most thorough measure of each form; for the random share's form, the measure that is drawn.

    Example:
        >>> from daliz.engine.pack import load_pack
        >>> minutes_of(load_pack("kz"))
        {'documents': 45.0, 'physical': 240.0, 'post_release': 120.0}
    """
    found = {
        form: max(measure.minutes for measure in pack.measures.values() if measure.form == form)
        for form in pack.forms
    }
    return found | {pack.policy.random.form: pack.measures[pack.policy.random.measure].minutes}


def thorough_first(capacity: Capacity, pack: Pack) -> list[str]:
    """Return the forms that there is capacity for, that of the random share first, as it reveals most.

    Example:
        >>> from daliz.engine.pack import load_pack
        >>> thorough_first(Capacity(declarations={"documents": 4, "physical": 1}), load_pack("kz"))
        ['physical', 'documents']
    """
    revealing = pack.policy.random.form
    return sorted(capacity.forms, key=lambda form: (form != revealing, form))


def _pools(form: str, capacity: Capacity, day: Day, pack: Pack) -> Sequence[str]:
    """Return whose officers would control each declaration: physical control is where the goods lie."""
    stated = {pool for pool, of_form in capacity.minutes if of_form == form}
    offices = day.head("office")
    if form == "physical":
        offices = [at or own for at, own in zip(day.head("goods_location"), offices, strict=True)]
    pools = []
    for office in offices:
        known = pack.offices.get(office) if office else None
        near = (office, known.pool if known else None)
        pools.append(next((name for name in near if name in stated), EVERYWHERE))
    return [str(pool) for pool in pools]
