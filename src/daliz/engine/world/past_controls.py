"""Controls of the past: part chance, part the naive taste of experts, to learn from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from daliz.engine.records.schema import FINDINGS
from daliz.engine.world.columns import Column, instants, money_array, same
from daliz.engine.world.consignments import Consignments
from daliz.engine.world.findings import CONTROLS, FORMS, findings_of
from daliz.engine.world.goods import Catalogue, Flags, Floats, Whole
from daliz.engine.world.parameters import Parameters
from daliz.engine.world.payments import FREE
from daliz.engine.world.places import RISKY
from daliz.engine.world.randomness import stream
from daliz.engine.world.supply import Supply
from daliz.engine.world.violations import VIOLATION_TYPES, Lies
from daliz.language import N_, DalizError

RANDOM_FORM: Final = "physical"
RANDOM_PART: Final = 0.25
"""A quarter of the physical controls is drawn by chance from everyone."""
_ORDER: Final = ("physical", "documents", "post_release")


class PastControlsError(DalizError):
    """The shares of past controls make no sense."""

    code = "world-past-controls"


@dataclass(slots=True, eq=False)
class PastControls:
    """The policy before Daliz: controls a fixed share of each day and remembers who was caught.

    Attributes:
        shares: control form → share of the declarations of a day.
        until: day of the world from which there are no controls.
        caught: by trader, times caught as known at the beginning of the month.
    """

    parameters: Parameters
    cat: Catalogue
    supply: Supply
    shares: Mapping[str, float]
    until: int
    caught: Floats = field(init=False)

    def __post_init__(self) -> None:
        for form, share in self.shares.items():
            if form not in FORMS:
                raise PastControlsError(
                    N_("{found} is not a form of control of the pretend border; it knows {known}"),
                    found=form, known=", ".join(FORMS),
                )  # fmt: skip
            if not 0 <= share <= 1:
                raise PastControlsError(
                    N_("the share of {form} controls is {share}; it must lie between 0 and 1"),
                    form=form,
                    share=share,
                )
        if sum(self.shares.values()) > 1:
            raise PastControlsError(N_("the shares of past controls add up to more than 1"))
        self.caught = np.zeros(int(self.supply.trader.max(initial=0)) + 1)

    def month(
        self, consignments: Consignments, lies: Lies, declarations: pa.Table, truth: pa.Table
    ) -> pa.Table:
        """Control a month and return its findings, known by the end of the world."""
        ids = declarations.column("declaration_id").combine_chunks().take(_firsts(lies.said.of))
        chosen, form, by_chance = self._choose(consignments, lies)
        decided = consignments.instant[chosen] + 20 * 60 * 1_000_000
        controls = pa.Table.from_arrays(
            [
                ids.take(chosen),
                pa.nulls(len(chosen), pa.int32()),
                pa.array([_ORDER[f] for f in form.tolist()], pa.string()),
                pa.array(by_chance),
                instants(decided),
                pa.nulls(len(chosen), pa.string()),
            ],
            schema=CONTROLS,
        )
        findings = findings_of(controls, declarations, truth, seed=self.parameters.seed)
        findings = pa.concat_tables([findings, self._undelivered(consignments, lies, truth)])
        end = datetime.combine(self.parameters.first_day, datetime.min.time(), UTC)
        end += timedelta(days=self.parameters.days)
        findings = findings.filter(
            pc.less(findings.column("known_at"), pa.scalar(end, pa.timestamp("us", tz="UTC")))
        )
        self._remember(consignments, ids, findings)
        return findings

    def _choose(self, consignments: Consignments, lies: Lies) -> tuple[Whole, Whole, Flags]:
        """Choose for each day: first by chance from everyone, then the most suspect, form by form."""
        first = int(consignments.day[0]) if len(consignments) else 0
        chance = stream(self.parameters.seed, "past controls", first)
        suspicion = self._suspicion(consignments, lies, chance)
        chosen: list[int] = []
        forms: list[int] = []
        by_chance: list[bool] = []
        for day in np.unique(consignments.day[consignments.day < self.until]).tolist():
            members = np.flatnonzero(consignments.day == day)
            drawn = round(self.shares.get(RANDOM_FORM, 0.0) * RANDOM_PART * len(members))
            lucky = chance.permutation(members)[:drawn]
            rest = np.setdiff1d(members, lucky)
            rest = rest[np.argsort(-suspicion[rest], kind="stable")]
            chosen += lucky.tolist()
            forms += [_ORDER.index(RANDOM_FORM)] * drawn
            by_chance += [True] * drawn
            for number, form in enumerate(_ORDER):
                count = round(self.shares.get(form, 0.0) * len(members)) - (
                    drawn if form == RANDOM_FORM else 0
                )
                taken, rest = rest[: max(0, count)], rest[max(0, count) :]
                chosen += taken.tolist()
                forms += [number] * len(taken)
                by_chance += [False] * len(taken)
        return (
            np.array(chosen, dtype=np.int64),
            np.array(forms, dtype=np.int64),
            np.array(by_chance, dtype=bool),
        )

    def _suspicion(self, consignments: Consignments, lies: Lies, chance: np.random.Generator) -> Floats:
        """Score as an expert without figures would: cheap, dutiable, from there, new, caught; much noise."""
        said, cat, supply = lies.said, self.cat, self.supply
        price = (
            np.log(np.maximum(said.usd, 1.0) / said.net_mass_kg / cat.usd_kg[said.good]) / cat.sd[said.good]
        )
        item = (
            0.5 * np.clip(-price, -1, 3)
            + 4 * cat.duty_bp[said.good] / 10_000
            + 0.4 * (said.preference == FREE)
        )
        worst = np.full(len(consignments), -10.0)
        np.maximum.at(worst, said.of, item)
        line = consignments.line
        risky = np.array([country in RISKY for country in cat.countries])[supply.country[line]]
        young = consignments.day - supply.first_day[line] < 45
        score = worst + 0.4 * risky + 0.4 * young + 0.8 * np.minimum(self.caught[supply.trader[line]], 2)
        noisy: Floats = score + chance.normal(0, 0.9, len(score))
        return noisy

    def _undelivered(self, consignments: Consignments, lies: Lies, truth: pa.Table) -> pa.Table:
        """Transit that did not arrive comes to light by itself 20 to 40 days later, controlled or not."""
        at = np.flatnonzero(lies.kind == VIOLATION_TYPES.index("non_delivery"))
        at = at[consignments.day[lies.said.of[at]] < self.until]
        rows = truth.take(at)
        count = len(at)
        chance = stream(
            self.parameters.seed, "undelivered", int(consignments.day[0]) if len(consignments) else 0
        )
        waited = (chance.uniform(20, 40, count) * 86_400e6).astype(np.int64)
        when = instants(consignments.instant[lies.said.of[at]] + waited)
        ids, numbers = rows.column("declaration_id").combine_chunks(), rows.column("item_no").combine_chunks()
        names = pa.array(
            [f"{i}/event/{n}/1" for i, n in zip(ids.to_pylist(), numbers.to_pylist(), strict=True)]
        )
        known: dict[str, Column] = {
            "finding_id": names,
            "subject": same("item", count),
            "declaration_id": ids,
            "item_no": numbers,
            "source": same("system_event", count),
            "in_random": pa.array(np.zeros(count, dtype=bool)),
            "closed_at": when,
            "known_at": when,
            "finality": same("final", count),
            "violation": pa.array(np.ones(count, dtype=bool)),
            "violation_type": same("non_delivery", count),
            "assessed": rows.column("evaded").combine_chunks(),
            "collected": money_array(np.zeros(count, dtype=np.int64)),
        }
        return pa.Table.from_arrays(
            [known.get(field.name, pa.nulls(count, field.type)) for field in FINDINGS.arrow],
            schema=FINDINGS.arrow,
        )

    def _remember(self, consignments: Consignments, ids: Column, findings: pa.Table) -> None:
        """Count who was caught; experts hear of it from the next month on."""
        hits = findings.filter(findings.column("violation")).column("declaration_id")
        caught = pc.is_in(ids, value_set=pc.unique(hits)).to_numpy(zero_copy_only=False)
        np.add.at(self.caught, self.supply.trader[consignments.line[caught]], 1.0)


def _firsts(of: Whole) -> Whole:
    """Row of the first item of each consignment."""
    return np.unique(of, return_index=True)[1].astype(np.int64)
