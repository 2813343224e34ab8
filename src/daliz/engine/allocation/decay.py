"""How far what was learned has decayed, by stratum: what decisions promised and what controls found."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import numpy as np
import pyarrow as pa

from daliz.engine.allocation.exploration import Evidence, Ranking
from daliz.engine.records.files import Source
from daliz.engine.scoring.results import known_results

_COLUMNS: Final = [
    "declaration_id", "version", "stratum", "probability", "model_documents", "in_random",
]  # fmt: skip


@dataclass(slots=True)
class _Stratum:
    """What was promised and found in one stratum."""

    promised: list[float] = field(default_factory=list)
    hits: int = 0
    score: list[float] = field(default_factory=list)
    violation: list[bool] = field(default_factory=list)


def shares_of(decisions: pa.Table) -> dict[str, float]:
    """Return, by stratum, the share that was to be drawn by the last of these decisions that tells it."""
    columns = (decisions.sort_by("registered_at")[name].to_pylist() for name in ("stratum", "random_share"))
    told = zip(*columns, strict=True)
    return {stratum: share for stratum, share in told if stratum is not None and share is not None}


def evidence_of(
    decisions: pa.Table, findings: Source, *, before: datetime, published: Ranking | None = None
) -> dict[str, Evidence]:
    """Return, by stratum, what earlier decisions promised and what controls of them found.

    A declaration counts once, by its last version. Where only documents were checked no more was promised
    than what documents can reveal, as far as models told it. Controls by chance tell how well scores rank.

    Args:
        decisions: of earlier assessments, with ``probability``, ``stratum`` and ``in_random``.
        findings: canonical.
        before: only what was known by then counts.
        published: how the model in force ranked declarations that it had not learned from, when it was
            published; None where none is in force.

    Sources:
        [mai2021] for following the decay measured.
    """
    results = {row["declaration_id"]: row for row in known_results(findings, before=before).to_pylist()}
    last = {row["declaration_id"]: row for row in decisions.select(_COLUMNS).sort_by("version").to_pylist()}
    strata: defaultdict[str, _Stratum] = defaultdict(_Stratum)
    for number in sorted(last.keys() & results.keys()):
        row, found = last[number], results[number]
        if row["stratum"] is None:
            continue
        of, violation = strata[row["stratum"]], bool(found["violation"])
        if row["in_random"]:
            of.score.append(row["probability"])
            of.violation.append(violation)
            continue
        promised = row["probability"]
        if not found["physical"] and row["model_documents"] is not None:
            promised = min(promised, row["model_documents"])
        of.promised.append(promised)
        of.hits += violation
    return {
        code: Evidence(
            predicted=float(sum(of.promised)),
            spread=float(sum(p * (1 - p) for p in of.promised)),
            hits=of.hits,
            published=published,
            recent=Ranking.of(np.array(of.score, np.float64), np.array(of.violation, np.bool_)),
        )
        for code, of in sorted(strata.items())
    }
