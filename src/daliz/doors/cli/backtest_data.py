"""The answer of ``daliz backtest`` for programs: the same keys in every release, money as text."""

from collections.abc import Mapping

from daliz.engine.backtest import Backtest, Judgement, Part, Precision, Tried
from daliz.engine.pack import Pack


def as_data(answer: Backtest, text: str, *, pack: Pack, level: float) -> dict[str, object]:
    """Return what ``--json`` prints.

    Args:
        answer: of the backtest.
        text: canonical text of the indicator.
        pack: that was used.
        level: confidence of the intervals.
    """
    j = answer.judgement
    return {
        "subject": {
            "key": j.subject.key,
            "version": j.subject.version,
            "indicator": text,
            "fires_unknown": j.subject.fires_unknown,
        },
        "pack": {"code": pack.code, "version": pack.version, "currency": pack.currency},
        "days": {
            "first": answer.first_day.isoformat() if answer.first_day else None,
            "last": answer.last_day.isoformat() if answer.last_day else None,
        },
        "level": level,
        "population": _part(j.everything),
        "fired": {"items": j.items, "undecided_declarations": j.unknown, **_part(j.whole)},
        "forms": {form: {"controlled": c, "found": f} for form, (c, f) in j.forms.items()},
        "precision": _precision(j.precision),
        "precision_plain": _precision(j.plain),
        "precision_random": _precision(j.random),
        "propensities": _chances(j),
        "recall_of_known": j.recall,
        "provisional": j.provisional,
        "assessed_per_firing": _text(j.assessed_per_firing),
        "needed_minutes": {"minutes": j.needed_minutes, "by": j.needed_by},
        "months": {name: _part(part) for name, part in j.months.items()},
        "offices": {name: _part(part) for name, part in j.offices.items()},
        "alone": _part(j.alone) if j.alone else None,
        "overlaps": [
            {
                "profile_id": one.key,
                "fired": one.fired,
                "both": one.both,
                "share": one.share,
                "jaccard": one.jaccard,
                "found": one.found,
            }
            for one in j.overlaps
        ],
        "sweeps": [
            {
                "number": threshold.number,
                "comparison": threshold.text,
                "value": threshold.value,
                "tried": [_tried(one) for one in tried],
            }
            for threshold, tried in answer.moved
        ],
    }


def _part(part: Part) -> dict[str, object]:
    return {
        "declarations": part.fired,
        "controlled": part.controlled,
        "found": part.found,
        "assessed": _text(part.assessed),
        "collected": _text(part.collected),
        "minutes": part.minutes,
    }


def _precision(precision: Precision) -> dict[str, object]:
    return {
        "method": precision.method,
        "biased": precision.biased,
        "rate": precision.interval.rate,
        "low": precision.interval.low,
        "high": precision.interval.high,
        "controlled": precision.controlled,
        "found": precision.found,
        "covers": precision.covers,
    }


def _chances(j: Judgement) -> Mapping[str, object] | None:
    if j.chances is None:
        return None
    c = j.chances
    return {
        "form": c.form,
        "decided": c.decided,
        "certain": c.certain,
        "certain_controlled": c.certain_controlled,
        "drawable": c.drawable,
        "drawn": c.drawn,
        "impossible": c.impossible,
        "capped": c.capped,
    }


def _tried(one: Tried) -> dict[str, object]:
    return {
        "value": one.value,
        "present": one.present,
        **_part(one.whole),
        "precision": _precision(one.precision),
        "recall_of_known": one.recall,
        "needed_minutes": one.needed_minutes,
    }


def _text(money: object) -> str | None:
    return None if money is None else f"{money:.2f}"
