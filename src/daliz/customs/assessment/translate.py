"""Between rows and the engine's decisions."""

import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from daliz.customs.assessment.models import Decision, MeasureOrder
from daliz.customs.assessment.remembered import Known
from daliz.engine.allocation import Claim, Standing
from daliz.engine.corridors import ORDERED, Order
from daliz.engine.live.decision import Decision as Decided
from daliz.engine.live.decision import Earlier


def orders_of(decision: Decision, decided: Decided) -> list[MeasureOrder]:
    """Return the rows of a decision."""
    return [
        MeasureOrder(
            decision=decision,
            item_no=order.item_no,
            profile_id=order.profile_id,
            profile_version=order.profile_version,
            capacity=order.capacity,
            measure=order.measure,
            control_form=order.control_form or "",
            extent=order.extent or "",
            status=order.status,
            spared_by=order.spared_by or "",
            deferred=order.deferred,
            reasons=order.reasons,
        )
        for order in decided.orders
    ]


def earlier_of(decision: Decision, orders: Iterable[MeasureOrder]) -> Earlier:
    """Return what a later version inherits of a decision."""
    content = json.loads(decision.content)
    controls = {form: Claim[name.upper()] for form, name in content["controls"].items()}
    kept = tuple(order_of(order) for order in orders if order.status == ORDERED)
    return Earlier(Standing(controls, content["propensity"]), kept)


def order_of(row: MeasureOrder) -> Order:
    """Return a row as the engine has it."""
    return Order(
        item_no=row.item_no,
        profile_id=row.profile_id,
        profile_version=row.profile_version,
        capacity=row.capacity,
        measure=row.measure,
        control_form=row.control_form or None,
        extent=row.extent or None,
        status=row.status,
        reasons=row.reasons,
        spared_by=row.spared_by or None,
        deferred=row.deferred,
    )


def told(content: object) -> str:
    """Return the one text of JSON content."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def seen_text(known: Iterable[Known], today: object, columns: NDArray[np.float32] | None) -> str:
    """Return what a decision saw of history, of the day and by models, to be made again when they are gone.

    The bytes are those of ``told``; an answer's text is as history keeps it and is not made anew. What models
    saw is told by ``columns_text``.
    """
    seen = sorted(one[:3] for one in known if one.text is not None)
    past = ",".join(f"{said}:{text}" for _, said, text in seen)
    models = "" if columns is None else f',"models":"{columns_text(columns)}"'
    return f'{{"history":{{{past}}}{models},"today":{told(today)}}}'


def columns_text(columns: NDArray[np.float32]) -> str:
    """Return the models' columns of the items as text: single precision, packed, in base 64.

    Example:
        >>> columns_of(columns_text(np.array([[0.5, np.nan]], np.float32)), width=2).tolist()
        [[0.5, nan]]
    """
    return b64encode(zlib.compress(columns.astype("<f4").tobytes(), level=1)).decode("ascii")


def columns_of(text: str, *, width: int) -> NDArray[np.float32]:
    """Return the columns that ``columns_text`` kept, shape (items, width)."""
    return np.frombuffer(zlib.decompress(b64decode(text)), "<f4").reshape(-1, width).astype(np.float32)
