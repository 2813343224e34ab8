"""``oracle``: the best that these officers could do if they knew everything; what others are measured by."""

from datetime import datetime

import numpy as np
import pyarrow as pa

from daliz.engine.allocation import assign
from daliz.engine.pack import Pack
from daliz.engine.strategies.day import Day
from daliz.engine.strategies.outcome import outcomes
from daliz.engine.strategies.protocol import Capacity, StrategyError, answer
from daliz.engine.strategies.room import Room
from daliz.language import N_


class Oracle:
    """Knows what each control would come to, and assigns each day exactly."""

    def __init__(self, *, pack: Pack, seed: int) -> None:
        self._pack = pack
        self._worth: dict[tuple[str, str], tuple[float, float]] | None = None

    def know(self, truth: pa.Table, *, findings: pa.Table | None = None) -> None:
        """Be told the truth, before anything else.

        Args:
            truth: canonical.
            findings: of the control of every declaration in every form, as ``daliz.engine.world.findings_of``
                gives them; without them each control is taken to see and assess all that it could.
        """
        table = outcomes(truth, findings)
        keys = zip(table["declaration_id"].to_pylist(), table["control_form"].to_pylist(), strict=True)
        money = table["assessed"].cast(pa.float64()).to_pylist()
        harm = table["harm"].to_pylist()
        self._worth = {
            (str(name), str(form)): (float(m or 0), float(h or 0))
            for (name, form), m, h in zip(keys, money, harm, strict=True)
            if m or h
        }

    def observe(
        self, declarations: pa.Table, *, now: datetime, transport_means: pa.Table | None = None
    ) -> None:
        """Take no notice."""

    def learn(self, findings: pa.Table, *, now: datetime) -> None:
        """Take no notice."""

    def decide(
        self,
        declarations: pa.Table,
        *,
        capacity: Capacity,
        now: datetime,
        transport_means: pa.Table | None = None,
    ) -> pa.Table:
        """Assign the day so that money recovered and harm found, weighed as the pack says, are greatest.

        Raises:
            StrategyError: it was never told the truth.
        """
        if self._worth is None:
            raise StrategyError(N_("the oracle must be told the truth first: know(truth)"))
        day = Day.of_declarations(declarations)
        room = Room(capacity, day, self._pack)
        lanes = sorted(room.left)
        gain = np.full((len(day), len(lanes)), np.nan)
        money = np.zeros_like(gain)
        for j, (pool, form) in enumerate(lanes):
            for i, name in enumerate(day.ids):
                known = self._worth.get((name, form))
                if known and room.lanes[form][i] == pool:
                    money[i, j] = known[0]
                    gain[i, j] = known[0] + self._pack.policy.money_per_harm * known[1]
        cost = np.tile([room.cost[form] for _, form in lanes], (len(day), 1))
        given = assign(gain, cost, np.array([room.left[lane] for lane in lanes])).form
        best = np.where(given >= 0, gain[np.arange(len(day)), given], -1.0)
        order = np.argsort(-best, kind="stable").tolist()
        forms = [lanes[given[i]][1] if given[i] >= 0 else None for i in order]
        return answer(
            [day.ids[i] for i in order],
            forms,
            probability=[None if form is None else 1.0 for form in forms],
            expected_damage=[
                None if form is None else money[i, given[i]] for i, form in zip(order, forms, strict=True)
            ],
        )
