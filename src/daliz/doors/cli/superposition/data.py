"""The answer of ``daliz superpose`` for programs: the same keys in every release, money as text."""

from daliz.engine.pack import Pack
from daliz.engine.superposition import Candidate, Estimate, Outlook, Question, Superposition, Verdict


def as_data(answer: Superposition, question: Question, pack: Pack) -> dict[str, object]:
    """Return what ``superpose.json`` holds."""
    return {
        "pack": {"code": pack.code, "version": pack.version, "fingerprint": pack.fingerprint},
        "currency": pack.currency,
        "profiles_of": question.profiles_of.isoformat(),
        "capacity": {
            "unit": question.capacity.unit,
            "shares": dict(question.capacity.shares),
        },
        "chosen_from": _days(answer.chosen_days, answer.declarations[0]),
        "kept_out": _days(answer.kept_days, answer.declarations[1]),
        "level": question.level,
        "candidates": answer.candidates,
        "controls_known": answer.controls_known,
        "weighted_by_propensity": answer.weighted_share,
        "biased": not answer.weighted,
        "gain": {
            "today": _money(answer.today),
            "proposed": _money(answer.proposed),
            "proposed_less_upkeep": _money(answer.worth),
            "bound": _money(answer.bound.money),
            "bound_by": "linear relaxation" if answer.bound.relaxed else "prices",
            "lost_at_most": answer.lost,
            "upkeep": _money(answer.upkeep),
        },
        "out_of_sample": {
            "today": _outlook(answer.kept_today),
            "proposed": _outlook(answer.kept_proposed),
            "more": {name: _estimate(one) for name, one in answer.kept_more.items()},
        },
        "retired_together": _estimate(answer.retired) if answer.retired else None,
        "verdicts": [_verdict(verdict) for verdict in answer.verdicts],
        "lists": [
            {"list": one.name, "used_by": list(one.used), "missed": _estimate(one.missed)}
            for one in answer.lists
        ],
    }


def _days(days: tuple[object, object], declarations: int) -> dict[str, object]:
    return {"first": str(days[0]), "last": str(days[1]), "declarations": declarations}


def _verdict(verdict: Verdict) -> dict[str, object]:
    return {
        "group": verdict.group,
        "proposal": verdict.proposal.value,
        "present": _candidate(verdict.present),
        "proposed": _candidate(verdict.proposed),
        "missed": _estimate(verdict.missed) if verdict.missed else None,
        "change_brings": _estimate(verdict.changes) if verdict.changes else None,
        "alone": _money(verdict.alone),
        "redundant": verdict.redundant,
        "fires": verdict.fires,
        "asks": verdict.asks,
        "covered": verdict.covered,
        "covers": [{"by": cover.key, "share": cover.share} for cover in verdict.covers],
        "alternatives": verdict.alternatives,
    }


def _candidate(candidate: Candidate | None) -> dict[str, object] | None:
    if candidate is None:
        return None
    return {
        "key": candidate.key,
        "sort": candidate.sort.value,
        "version": candidate.profile.version,
        "threshold": candidate.number,
        "before": candidate.before,
        "value": candidate.value,
        "indicator": candidate.profile.indicator.text if candidate.fires is not None else None,
    }


def _outlook(outlook: Outlook) -> dict[str, object]:
    return {
        "controls": outlook.controls,
        "with_finding": outlook.known,
        **{name: _estimate(one) for name, one in outlook.totals.items()},
    }


def _estimate(estimate: Estimate) -> dict[str, str]:
    return {"value": _money(estimate.value), "low": _money(estimate.low), "high": _money(estimate.high)}


def _money(value: float) -> str:
    return f"{value:.2f}"
