"""The night: history of files and of the database together, learned from, planned, published."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import pyarrow as pa

from daliz.customs.assessment.actions import publish
from daliz.customs.control.models import Finding
from daliz.customs.control.translate import findings_table
from daliz.customs.intake.models import Version
from daliz.customs.intake.translate import tables_of
from daliz.customs.reference.queries import draw_key, pack
from daliz.engine.allocation import Capacity
from daliz.engine.assess import Task
from daliz.engine.live import prepare
from daliz.engine.records.files import conform, read_table
from daliz.engine.records.schema import TABLES
from daliz.ground.staff.actor import SYSTEM

_CHILDREN: Final = ("documents", "containers", "transport_means")


def prepare_and_publish(
    day: date, *, history: Path | None, capacity: str | None, progress: Callable[[str, float], None]
) -> tuple[str, int]:
    """Prepare a day and put it in force; return the policy's name and how many keys history answers.

    Args:
        day: the local day.
        history: folder of canonical tables from before the database began.
        capacity: shares of officer time; the pack's where not stated.
        progress: told what is under way.
    """
    rules = pack()
    midnight = datetime.combine(day, time(), ZoneInfo(rules.zone))
    live = tables_of(
        Version.objects.filter(registered_at__lt=midnight)
        .select_related("declaration")
        .order_by("id")
        .iterator()
    )
    live["findings"] = findings_table(
        Finding.objects.filter(at__lt=midnight)
        .select_related("control__declaration", "control__decision", "officer")
        .order_by("id")
    )
    tables = {name: _together(name, history, live[name]) for name in ("declarations", "findings", *_CHILDREN)}
    own = dict(rules.policy.default_capacity)
    stated = dict(Capacity.of(capacity, forms=rules.forms).shares) if capacity else {}
    task = Task(
        declarations=tables["declarations"],
        findings=tables["findings"],
        children={name: tables[name] for name in _CHILDREN},
        pack=rules,
        capacity=Capacity(own | stated, {}),
        key=draw_key(),
        first_day=day,
        last_day=day,
        by_models=False,
    )
    made = prepare(task, progress=progress)
    published = publish(night=made, pack=rules, actor=SYSTEM, now=datetime.now(UTC))
    return published.policy_id, len(made.answers)


def _together(name: str, history: Path | None, live: pa.Table) -> pa.Table:
    """Return a table of files followed by what the database has."""
    path = history / f"{name}.parquet" if history is not None else None
    if path is None or not path.exists():
        return live
    schema = TABLES[name]
    past = read_table(path, schema).select(schema.names)
    return pa.concat_tables([conform(past, schema), conform(live, schema)])
