"""Writes a whole pretend border, month by month, so that memory does not grow with its length."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow.parquet as pq

from daliz.engine.pack import Pack
from daliz.engine.records.files import ROW_GROUP, replacing
from daliz.engine.records.schema import DECLARATIONS, FINDINGS, TRANSPORT_MEANS
from daliz.engine.world.consignments import Traffic, arrivals
from daliz.engine.world.goods import catalogue
from daliz.engine.world.honest import Population
from daliz.engine.world.items import Prices, true_items
from daliz.engine.world.market import Market
from daliz.engine.world.parameters import SCHEME_WEIGHTS, Parameters, Scenario
from daliz.engine.world.parties import Parties
from daliz.engine.world.past_controls import PastControls
from daliz.engine.world.payments import Money
from daliz.engine.world.places import Places
from daliz.engine.world.randomness import stream
from daliz.engine.world.schemes import scheme_lines
from daliz.engine.world.supply import Supply
from daliz.engine.world.tables import TRUTH_SCHEMA, Writer
from daliz.engine.world.violations import violate
from daliz.engine.world.wording import Wording
from daliz.language import N_, DalizError

LONGEST: Final = 120
"""Months a world may last."""
MOST_PER_DAY: Final = 20_000.0
WORLD_SEED: Final = b"daliz.world_seed"
"""Name under which the file of the truth keeps the seed: what controls find follows from it."""


class WorldError(DalizError):
    """A world cannot be made as asked."""

    code = "world-wrong"


@dataclass(frozen=True, slots=True)
class WorldSummary:
    """What was written.

    Attributes:
        declarations, items, violations: how many; violations counts declarations with something wrong.
        findings: rows of findings, 0 without past controls.
        first_day, last_day: days of the world, both included.
        controlled_until: first day without past controls, or None.
        files: names of the files in the folder.
    """

    declarations: int
    items: int
    violations: int
    findings: int
    first_day: date
    last_day: date
    controlled_until: date | None
    files: tuple[str, ...]


def write_world(
    out: Path,
    *,
    pack: Pack,
    seed: int,
    months: int,
    per_day: float,
    scenario: Scenario = Scenario.STATIONARY,
    first_month: date = date(2025, 1, 1),
    past_controls: Mapping[str, float] | None = None,
    controlled_until: date | None = None,
    progress: Callable[[str, float], None] | None = None,
) -> WorldSummary:
    """Write ``declarations``, ``truth``, ``transport_means`` and, with past controls, ``findings``.

    Same arguments, same bytes. Files appear whole or not at all.

    Args:
        out: folder; made if absent, files of the same names are replaced.
        pack: gives country, offices, zone, currency and holidays.
        seed: 0 or more; every parameter and event follows from it.
        months: calendar months, 1 to 120.
        per_day: declarations per calendar day on average, above 0.
        scenario: how the world changes.
        first_month: the world begins on its first day.
        past_controls: control form → share of each day's declarations, or None for none.
        controlled_until: first day without past controls; the first day of the last month unless given.
        progress: told a stage and the share done.

    Raises:
        WorldError: an argument is out of its range.
        PastControlsError: the shares make no sense.
    """
    _check(seed, months, per_day)
    start = first_month.replace(day=1)
    begins = [_month_after(start, i) for i in range(months + 1)]
    if controlled_until is not None and not start < controlled_until <= begins[-1]:
        raise WorldError(
            N_("past controls end on {found}; the world lasts from {first} to {last}"),
            code="world-until", found=controlled_until - timedelta(days=1), first=start,
            last=begins[-1] - timedelta(days=1),
        )  # fmt: skip
    offsets = [(begin - start).days for begin in begins]
    parameters = Parameters.draw(
        seed=seed, scenario=scenario, first_day=start, days=offsets[-1], per_day=per_day
    )
    say = progress or (lambda stage, share: None)
    say("people", 0.0)
    writer, prices = _settle(parameters, Places.of(pack))
    traffic = Traffic.of(parameters, writer.places)
    until = controlled_until or begins[-2]
    past = None
    if past_controls is not None:
        past = PastControls(parameters, writer.cat, writer.supply, past_controls, (until - start).days)
    schemas = {
        "declarations": DECLARATIONS.arrow,
        "truth": TRUTH_SCHEMA.with_metadata(
            {**(TRUTH_SCHEMA.metadata or {}), WORLD_SEED: str(seed).encode()}
        ),
        "transport_means": TRANSPORT_MEANS.arrow,
    }
    if past is not None:
        schemas["findings"] = FINDINGS.arrow
    rows = dict.fromkeys(schemas, 0)
    declared = wrong = 0
    with ExitStack() as stack:
        files = {
            name: stack.enter_context(
                pq.ParquetWriter(
                    stack.enter_context(replacing(out / f"{name}.parquet")), schema, compression="zstd"
                )
            )
            for name, schema in schemas.items()
        }
        for number, (first, end) in enumerate(pairwise(offsets)):
            say("months", number / months)
            consignments = arrivals(parameters, traffic, writer.cat, writer.supply, range(first, end))
            if not len(consignments):
                continue
            items = true_items(parameters, writer.cat, prices, writer.supply, consignments)
            lies = violate(parameters, writer.cat, writer.supply, consignments, items)
            declarations, truth, vehicles = writer.month(consignments, lies)
            tables = {"declarations": declarations, "truth": truth, "transport_means": vehicles}
            if past is not None:
                tables["findings"] = past.month(consignments, lies, declarations, truth)
            for name, table in tables.items():
                files[name].write_table(table, row_group_size=ROW_GROUP)
                rows[name] += table.num_rows
            declared += len(consignments)
            wrong += int(np.unique(items.of[lies.kind >= 0]).size)
    say("months", 1.0)
    return WorldSummary(
        declarations=declared,
        items=rows["declarations"],
        violations=wrong,
        findings=rows.get("findings", 0),
        first_day=start,
        last_day=date.fromordinal(begins[-1].toordinal() - 1),
        controlled_until=until if past is not None else None,
        files=tuple(f"{name}.parquet" for name in schemas),
    )


def _settle(parameters: Parameters, places: Places) -> tuple[Writer, Prices]:
    """People the border: firms, lines, schemes, prices, money, words."""
    cat, parties = catalogue(places.country), Parties()
    population = Population(parameters, places, cat, Market(cat, parameters), parties)
    population.people()
    lines = population.honest_lines() + scheme_lines(population)
    habits = stream(parameters.seed, "carelessness").gamma(0.4, 1 / 0.4, len(parties.traders))
    supply = Supply.of(lines, tuple(SCHEME_WEIGHTS), habits)
    writer = Writer(
        parameters,
        places,
        cat,
        parties,
        supply,
        Money.of(parameters, places.currency, places.country),
        Wording.of(parameters.seed, cat),
    )
    return writer, Prices.of(parameters, cat)


def _check(seed: int, months: int, per_day: float) -> None:
    if seed < 0:
        raise WorldError(N_("the seed is {seed}; it must be 0 or more"), code="world-seed", seed=seed)
    if not 1 <= months <= LONGEST:
        raise WorldError(
            N_("{months} months asked for; a world lasts 1 to {longest}"),
            code="world-months", months=months, longest=LONGEST,
        )  # fmt: skip
    if not 0 < per_day <= MOST_PER_DAY:
        raise WorldError(
            N_("{per_day} declarations a day asked for; a world has more than 0 and at most {most}"),
            code="world-per-day", per_day=per_day, most=int(MOST_PER_DAY),
        )  # fmt: skip


def _month_after(start: date, months: int) -> date:
    whole = start.year * 12 + start.month - 1 + months
    return date(whole // 12, whole % 12 + 1, 1)


__all__ = ["WORLD_SEED", "WorldError", "WorldSummary", "write_world"]
