"""The answer of ``daliz effect`` for programs: the same keys in every release, money as text."""

import math
from collections.abc import Mapping
from decimal import Decimal

from daliz.doors.cli.report.effect_page import EffectPage
from daliz.engine.effect import Compliance, Figures, Gap, ProfileEffect, Rate
from daliz.engine.estimators.amounts import Amount
from daliz.engine.estimators.intervals import LARGEST_WEIGHT, Interval


def as_data(page: EffectPage) -> Mapping[str, object]:
    """Return what ``--json`` prints and ``effect.json`` holds; what is unknown or unbounded is null."""
    effect, pack = page.effect, page.pack
    return {
        "schema": "1",
        "pack": {"code": pack.code, "version": pack.told_version, "fingerprint": pack.fingerprint,
                 "currency": pack.currency},
        "days": {
            "first": effect.first_day.isoformat() if effect.first_day else None,
            "last": effect.last_day.isoformat() if effect.last_day else None,
            "until": page.until,
        },
        "level": effect.level,
        "largest_weight": LARGEST_WEIGHT,
        "inputs": list(page.inputs),
        "whole": _figures(effect.whole),
        "parts": {by: [_figures(one) for one in parts] for by, parts in effect.parts.items()},
        "profiles": [_profile(one) for one in effect.profiles],
        "compliance": _compliance(effect.compliance),
        "revenue_gap": {"whole": _gap(effect.gap), "strata": [_gap(one) for one in effect.gaps]},
    }  # fmt: skip


def _figures(one: Figures) -> Mapping[str, object]:
    return {
        "key": one.key,
        "declarations": one.declarations,
        "hits": _rate(one.hits),
        "false_alarms": _rate(one.false_alarms),
        "waiting": one.waiting,
        "provisional": one.provisional,
        "annulled": one.annulled,
        "assessed": _money(one.assessed),
        "collected": _money(one.collected),
        "minutes": one.minutes,
        "assessed_per_hour": _amount(one.assessed_per_hour),
        "collected_per_hour": _amount(one.collected_per_hour),
        "harm": _amount(one.harm),
        "harm_unknown": one.harm_unknown,
        "targeted": _rate(one.targeted),
        "random": _rate(one.random) | {"declarations": one.reachable},
        "lift": _interval(one.lift),
    }


def _profile(one: ProfileEffect) -> Mapping[str, object]:
    return {
        "profile_id": one.profile_id,
        "fired": one.fired,
        "hits": _rate(one.hits),
        "waiting": one.waiting,
        "assessed": _money(one.assessed),
        "alone": _rate(one.alone),
        "alone_assessed": _money(one.alone_assessed),
        "marginal_hits": _amount(one.marginal),
        "shared_hits": _amount(one.shared),
        "shared_assessed": _amount(one.shared_assessed),
        "precision": _rate(one.precision) | {"covers": one.covers, "capped": one.capped},
        "lift": _interval(one.lift),
    }


def _compliance(one: Compliance) -> Mapping[str, object]:
    return {
        "form": one.form,
        **_interval(one.level),
        "variance": _short(one.variance, 12),
        "declarations": one.declarations,
        "covered": one.covered,
        "out_of_reach": one.out_of_reach,
        "bounds": {"low": _short(one.bounds[0]), "high": _short(one.bounds[1])},
        "sensitivity": one.sensitivity,
        "tolerance": {"low": one.tolerance.low, "high": one.tolerance.high} if one.tolerance else None,
        "verdict": one.verdict.value,
        "not_estimable": [stratum.code for stratum in one.not_estimable],
        "strata": [
            {
                "code": stratum.code,
                "declarations": stratum.declarations,
                "reachable": stratum.reachable,
                "shares": {"least": _short(stratum.shares[0]), "greatest": _short(stratum.shares[1])},
                "drawn": stratum.drawn,
                "known": stratum.known,
                "found": stratum.found,
                **_interval(stratum.level),
                "variance": _short(stratum.variance, 12),
            }
            for stratum in one.strata
        ],
    }


def _gap(one: Gap) -> Mapping[str, object]:
    return {
        "code": one.code,
        "gap": _amount(one.gap),
        "found": _money(one.found),
        "declared": _money(one.declared),
        "largest": _money(one.largest),
        "share_found": _short(one.share_found),
        "share_of_payments_due": _short(one.share_declared),
    }


def _rate(one: Rate) -> dict[str, object]:
    return {"controls": one.controls, "found": one.found, **_interval(one.interval)}


def _interval(one: Interval) -> dict[str, object]:
    return {"rate": _short(one.rate), "low": _short(one.low), "high": _short(one.high)}


def _amount(one: Amount) -> dict[str, object]:
    return {"value": _short(one.value, 2), "low": _short(one.low, 2), "high": _short(one.high, 2)}


def _short(value: float | None, decimals: int = 6) -> float | None:
    return None if value is None or not math.isfinite(value) else round(value, decimals)


def _money(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"
