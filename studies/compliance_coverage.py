"""Does the 90 % interval of the level of compliance hold? Over worlds whose truth is known.

    .venv/bin/python -m studies.compliance_coverage --worlds 100 --out studies/compliance_coverage.json

Each world is a small border of three months at 60 declarations a day, with its own seed and parameters. It is
assessed by the Kazakh pack as it is, but for a random share of 4 % of every stratum and officers for 8 % of
physical controls; what was ordered is controlled, and the effect is measured from decisions and findings
alone. Seeds 90001 and on are used nowhere in development.

Three levels are compared with the interval:

- ``found``: the share of declarations in which a full examination of every one would find no violation that
  stands. This is what is estimated; the truth comes from carrying out these examinations.
- ``revealable``: the share without a violation that a full examination can reveal, whether it sees it or not;
  once with no correction, once with the sensitivity of the pretend border (0.95) stated in the pack.

And the revenue gap with what full examinations of all would assess.
"""

import argparse
import json
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Final

from daliz.engine.allocation import Capacity
from daliz.engine.effect import Ledger, measure
from daliz.engine.estimators.intervals import Interval
from daliz.engine.pack import load_pack
from studies.pretend import Border, border, drawing

FIRST_SEED: Final = 90_001
SHARE: Final = 0.04
CAPACITY: Final = Capacity({"documents": 0.16, "physical": 0.08, "post_release": 0.0}, {})
MONTHS: Final = 3
PER_DAY: Final = 60.0
SENSITIVITY: Final = 0.95
"""Of a full examination on the pretend border; see ``daliz.engine.world.findings``."""


def one_world(seed: int) -> dict[str, object]:
    """Return what was estimated in the world ``seed`` and what is true."""
    pack = drawing(load_pack("kz"), SHARE)
    with tempfile.TemporaryDirectory(prefix="daliz-study-") as place:
        made = border(Path(place), pack, seed=seed, months=MONTHS, per_day=PER_DAY, capacity=CAPACITY)
        effect = measure(_ledger(made, SHARE, None))
        corrected = measure(_ledger(made, SHARE, SENSITIVITY)).compliance
    level, gap = effect.compliance.level, effect.gap.gap
    return {
        "seed": seed,
        "declarations": effect.compliance.declarations,
        "random_controls": sum(stratum.known for stratum in effect.compliance.strata),
        "random_found": sum(stratum.found for stratum in effect.compliance.strata),
        "level": level.rate,
        "low": round(level.low, 6),
        "high": round(level.high, 6),
        "found": round(1 - made.violations, 6),
        "revealable": round(1 - made.revealable, 6),
        "holds": _holds(level, 1 - made.violations),
        "holds_revealable": _holds(level, 1 - made.revealable),
        "holds_revealable_corrected": _holds(corrected.level, 1 - made.revealable),
        "gap": gap.value,
        "gap_low": gap.low,
        "gap_high": gap.high,
        "gap_true": round(made.assessed, 2),
        "gap_holds": gap.low <= made.assessed <= gap.high,
    }


def summary(rows: Sequence[dict[str, object]]) -> dict[str, object]:
    """Return how often the intervals hold and how long they are."""
    halves = [(float(str(row["high"])) - float(str(row["low"]))) / 2 for row in rows]
    wide = sorted(float(str(row["gap_high"])) / float(str(row["gap_true"])) for row in rows)
    return {
        "worlds": len(rows),
        "level_of_intervals": 0.9,
        "holds": sum(bool(row["holds"]) for row in rows),
        "below_interval": sum(float(str(row["found"])) < float(str(row["low"])) for row in rows),
        "above_interval": sum(float(str(row["found"])) > float(str(row["high"])) for row in rows),
        "mean_half_width": round(sum(halves) / len(halves), 5),
        "greatest_half_width": round(max(halves), 5),
        "holds_revealable": sum(bool(row["holds_revealable"]) for row in rows),
        "holds_revealable_corrected": sum(bool(row["holds_revealable_corrected"]) for row in rows),
        "gap_holds": sum(bool(row["gap_holds"]) for row in rows),
        "gap_true_above_interval": sum(
            float(str(row["gap_true"])) > float(str(row["gap_high"])) for row in rows
        ),
        "median_gap_high_over_true": round(wide[len(wide) // 2], 2),
    }


def main() -> None:
    """Run the study and keep its result."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    asked.add_argument("--worlds", type=int, default=100)
    asked.add_argument("--workers", type=int, default=1)
    asked.add_argument("--out", type=Path, required=True)
    options = asked.parse_args()
    rows: list[dict[str, object]] = []
    with ProcessPoolExecutor(options.workers) as pool:
        for row in pool.map(one_world, range(FIRST_SEED, FIRST_SEED + options.worlds)):
            rows.append(row)
            print(json.dumps(row), flush=True)
    setting = {
        "command": f"python -m studies.compliance_coverage --worlds {options.worlds} --out {options.out}",
        "months": MONTHS,
        "per_day": PER_DAY,
        "random_share": SHARE,
        "capacity": dict(CAPACITY.shares),
    }
    answer = {"setting": setting, "summary": summary(rows), "worlds": rows}
    options.out.write_text(json.dumps(answer, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(answer["summary"], indent=1))


def _ledger(made: Border, share: float, sensitivity: float | None) -> Ledger:
    return Ledger.of(
        drawing(load_pack("kz"), share, sensitivity=sensitivity),
        decisions=made.decided.decisions,
        measures=made.decided.measures,
        findings=made.findings,
        declarations=made.folder / "declarations.parquet",
    )


def _holds(interval: Interval, truth: float) -> bool:
    return interval.low <= truth <= interval.high


if __name__ == "__main__":
    main()
