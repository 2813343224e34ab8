"""The night: what is known is learned from, planned with, published with the models in force."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from daliz.customs.assessment.actions import publish
from daliz.customs.reference.queries import draw_key, pack
from daliz.doors.cli.serving.past import CHILDREN, known_before
from daliz.doors.cli.serving.trained import in_force
from daliz.engine.allocation import Capacity
from daliz.engine.assess import Task
from daliz.engine.live import prepare
from daliz.ground.staff.actor import SYSTEM


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
    tables = known_before(day, pack=rules, history=history)
    own = dict(rules.policy.default_capacity)
    stated = dict(Capacity.of(capacity, forms=rules.forms).shares) if capacity else {}
    task = Task(
        declarations=tables["declarations"],
        findings=tables["findings"],
        children={name: tables[name] for name in CHILDREN},
        pack=rules,
        capacity=Capacity(own | stated, {}),
        key=draw_key(),
        first_day=day,
        last_day=day,
        scorer_on=in_force(rules.code),
    )
    made = prepare(task, progress=progress)
    published = publish(night=made, pack=rules, actor=SYSTEM, now=datetime.now(UTC))
    return published.policy_id, len(made.answers)
