"""Everything the report shows, gathered once; each language only says it."""

from dataclasses import dataclass

from daliz.doors.cli.report import charts
from daliz.doors.cli.report.manifest import Manifest
from daliz.doors.cli.report.sections.beyond import Foreign, beyond
from daliz.doors.cli.report.sections.corridors import (
    CorridorShare,
    DayShares,
    corridor_shares,
    daily_shares,
)
from daliz.doors.cli.report.sections.draw import Drawn, strata
from daliz.doors.cli.report.sections.examples import Example, examples
from daliz.doors.cli.report.sections.headline import Headline, headline
from daliz.doors.cli.report.sections.load import Lane, Load, load
from daliz.doors.cli.report.sections.ordered import (
    ClaimOrders,
    FormOrders,
    MeasureOrders,
    claim_orders,
    form_orders,
    measure_orders,
)
from daliz.doors.cli.report.sections.profiles import Profiles, profiles
from daliz.doors.cli.report.sections.quality import Kept, Undecided, quarantined, undecided
from daliz.doors.cli.report.sections.risk import LevelCount, Matrix, Step, level_counts, matrix, steps
from daliz.doors.cli.report.sections.uncontrolled import Uncontrolled, uncontrolled
from daliz.doors.cli.report.tables import Tables
from daliz.engine.pack import Pack


@dataclass(frozen=True, slots=True)
class View:
    """The report's figures; each attribute is a section, named as its module."""

    manifest: Manifest
    pack: Pack
    bucket: str
    headline: Headline
    corridors: tuple[CorridorShare, ...]
    days: tuple[DayShares, ...]
    forms: tuple[FormOrders, ...]
    claims: tuple[ClaimOrders, ...]
    measures: tuple[MeasureOrders, ...]
    load: Load
    profiles: Profiles
    examples: dict[str, tuple[Example, ...]]
    uncontrolled: Uncontrolled
    undecided: tuple[Undecided, ...]
    beyond: Foreign
    quarantine: tuple[Kept, ...]
    matrix: Matrix
    levels: tuple[LevelCount, ...]
    steps: tuple[Step, ...]
    strata: tuple[Drawn, ...]

    @classmethod
    def of(cls, tables: Tables) -> "View":
        """Ask the tables everything the report shows."""
        first = headline(tables)
        return cls(
            manifest=tables.manifest,
            pack=tables.pack,
            bucket=tables.bucket,
            headline=first,
            corridors=corridor_shares(tables),
            days=daily_shares(tables),
            forms=form_orders(tables, first.declarations),
            claims=claim_orders(tables),
            measures=measure_orders(tables),
            load=load(tables),
            profiles=profiles(tables),
            examples=examples(tables),
            uncontrolled=uncontrolled(tables),
            undecided=undecided(tables),
            beyond=beyond(tables),
            quarantine=quarantined(tables),
            matrix=matrix(tables),
            levels=level_counts(tables),
            steps=steps(tables),
            strata=strata(tables),
        )

    @property
    def policy_outdated(self) -> bool:
        """Whether the pack at hand is another than the one that decided: names may differ."""
        return self.manifest.policy.pack.fingerprint != self.pack.fingerprint

    @property
    def daily_chart(self) -> charts.Columns:
        """The declarations of each day by corridor."""
        return charts.columns([day.declarations for day in self.days], width=1000, height=220, labels=31)

    @property
    def largest_share(self) -> float:
        """The scale of the corridor bars."""
        shares = [
            *(c.share for c in self.corridors),
            *(c.corridor.published_share or 0 for c in self.corridors),
        ]
        return max([*shares, 0.01])

    @staticmethod
    def lane_chart(lane: Lane) -> charts.Columns:
        """One lane: what was given, by claim, under the line of what there was."""
        return charts.columns(
            [(slot.mandatory, slot.random, slot.waivable) for slot in lane.slots],
            line=[slot.available for slot in lane.slots],
        )
