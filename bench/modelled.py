"""Put models in force in a system that is measured, grown from its past as if published before today.

    python -m bench.modelled FOLDER-OF-THE-PAST

They need not pass the pack's checks, which a small world seldom allows: only what they cost is measured.
"""

import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from daliz.doors.cli.serving.commands import awake

awake()

from daliz.customs.assessment.actions import publish  # noqa: E402 -- Django first
from daliz.customs.reference.queries import draw_key, pack  # noqa: E402
from daliz.doors.cli.serving.past import CHILDREN, known_before  # noqa: E402
from daliz.engine.allocation import Capacity  # noqa: E402
from daliz.engine.assess import Task  # noqa: E402
from daliz.engine.estimators.learner import Scorer, foresee, past_to_learn_from  # noqa: E402
from daliz.engine.live import prepare  # noqa: E402
from daliz.ground.staff.actor import SYSTEM  # noqa: E402


def grown(task: Task) -> Scorer:
    """Return models grown from what was known before the last day with declarations."""
    declarations = task.declarations
    assert isinstance(declarations, pa.Table)
    assert task.findings is not None
    last = pc.max(declarations["registered_at"]).as_py().astimezone(ZoneInfo(task.pack.zone)).date()
    found = foresee(
        declarations, task.findings, transport_means=task.children["transport_means"], pack=task.pack,
        since=past_to_learn_from(last), first_day=last, last_day=last, progress=lambda *_: None,
    )  # fmt: skip
    if found is None:
        raise SystemExit("too little was found to grow models")
    return replace(found.scorers[0], version="bench")


def main() -> None:
    """Grow models and publish the night with them."""
    rules, day = pack(), datetime.now(UTC).date()
    tables = known_before(day, pack=rules, history=Path(sys.argv[1]))
    task = Task(
        declarations=tables["declarations"],
        findings=tables["findings"],
        children={name: tables[name] for name in CHILDREN},
        pack=rules,
        capacity=Capacity(dict(rules.policy.default_capacity), {}),
        key=draw_key(),
        first_day=day,
        last_day=day,
    )
    scorer = grown(task)
    night = prepare(replace(task, scorer_on=lambda _: scorer))
    publish(night=night, pack=rules, actor=SYSTEM, now=datetime.now(UTC))


if __name__ == "__main__":
    main()
