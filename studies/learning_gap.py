"""How much of the gap between a plain learner and an oracle does Daliz close? Over worlds unseen before.

    make study
    .venv/bin/python -m studies.learning_gap --worlds 12 --months 12 --per-day 200

Worlds of the seeds 1101 and on are used nowhere in development (which uses 901 to 905), and neither are the
parameters of their schemes, which follow from the seed. Scenarios take turns: stationary, drift (schemes,
goods and firms change), cold (many new firms). Each world is replayed under two capacities for ``daliz``, the
baseline ``lightgbm`` and the oracle, which knows the truth under the same capacity. After a warm-up of eight
weeks in which everything is controlled, a strategy learns only what its own controls found, five days later
at the earliest.

The gap closed is (daliz - lightgbm) / (oracle - lightgbm), in money recovered as a share of all that was
evaded and in harm found as a share of all harm; over worlds it is the ratio of means, so that a world with a
small gap does not count for more. Intervals are paired: whole worlds are drawn again with replacement, both
strategies together, 10,000 times; for differences Student's t is given beside.

One file a world and capacity stands in ``--out``; what is there under the same setting is not done again, so
the study can be broken off and taken up. ``summary.json`` is made from these files alone.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray
from scipy import stats

from daliz.engine.allocation import Capacity
from daliz.engine.pack import load_pack
from daliz.engine.replay import ORACLE, Replay, Setting, replay
from daliz.engine.world import Scenario, write_world

FIRST_SEED: Final = 1101
SCENARIOS: Final = (Scenario.STATIONARY, Scenario.DRIFT, Scenario.COLD)
CAPACITIES: Final = ("documents=16%,physical=4%", "documents=4%,physical=1%")
BASELINE: Final = "lightgbm"
LEVEL: Final = 0.9
RESAMPLES: Final = 10_000
_WARMUP_DAYS: Final = 56
_DELAY_DAYS: Final = 5

Result = Mapping[str, object]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class World:
    """One world of the study.

    Attributes:
        seed: of the world and of strategies' chance.
        months: of its length.
        per_day: declarations a day on average.
        strategy: compared with the baseline.
        folder: of the results.
    """

    seed: int
    months: int
    per_day: float
    strategy: str
    folder: Path

    @property
    def scenario(self) -> Scenario:
        """How the world changes: scenarios take turns."""
        return SCENARIOS[(self.seed - FIRST_SEED) % len(SCENARIOS)]

    def setting(self, capacity: str) -> dict[str, object]:
        """Return what a result depends on, beside the code."""
        return {
            "seed": self.seed,
            "scenario": self.scenario.value,
            "months": self.months,
            "per_day": self.per_day,
            "capacity": capacity,
            "strategy": self.strategy,
            "warmup_days": _WARMUP_DAYS,
            "delay_days": _DELAY_DAYS,
        }

    def path(self, capacity: str) -> Path:
        """Return the file of a result."""
        return (
            self.folder / f"{self.seed}-{capacity.replace('%', '').replace('=', '').replace(',', '-')}.json"
        )

    def done(self, capacity: str) -> Result | None:
        """Return the result if it is there, under the same setting."""
        if not self.path(capacity).is_file():
            return None
        kept: dict[str, object] = json.loads(self.path(capacity).read_text(encoding="utf-8"))
        return kept if kept["setting"] == self.setting(capacity) else None


def one_replay(task: tuple[World, str]) -> list[str]:
    """Make a world and replay it under a capacity, unless that is done; say what was done or failed."""
    world, capacity = task
    if world.done(capacity) is not None:
        return []
    pack = load_pack("kz")
    with tempfile.TemporaryDirectory(prefix="daliz-study-") as place:
        write_world(
            Path(place),
            pack=pack,
            seed=world.seed,
            months=world.months,
            per_day=world.per_day,
            scenario=world.scenario,
        )
        declarations = pq.read_table(Path(place, "declarations.parquet"))
        truth = pq.read_table(Path(place, "truth.parquet"))
        vehicles = pq.read_table(Path(place, "transport_means.parquet"))
    done = replay(
        declarations,
        truth,
        (world.strategy, BASELINE),
        Setting(pack, Capacity.of(capacity, forms=pack.forms), _WARMUP_DAYS, _DELAY_DAYS),
        seed=world.seed,
        transport_means=vehicles,
        level=LEVEL,
    )
    if done.failures:
        return [f"{world.seed} {capacity}: {one.error}" for one in done.failures.values()]
    achieved = _achieved(done)
    result = {"setting": world.setting(capacity), "strategies": achieved}
    world.folder.mkdir(parents=True, exist_ok=True)
    world.path(capacity).write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    shares = {name: one["money_share"] for name, one in achieved.items()}
    return [f"{world.seed} {world.scenario.value} {capacity}: {json.dumps(shares)}"]


def summary(results: Sequence[Result], strategy: str) -> dict[str, object]:
    """Return for each capacity, over all worlds and by scenario, what was achieved and how sure it is."""
    answer: dict[str, object] = {"worlds": len({_of(one, "seed") for one in results}), "level": LEVEL}
    for capacity in CAPACITIES:
        there = [one for one in results if _of(one, "capacity") == capacity]
        parts = {"all": there}
        parts |= {s.value: [one for one in there if _of(one, "scenario") == s.value] for s in SCENARIOS}
        compared = {name: dict(_compared(part, strategy)) for name, part in parts.items() if part}
        if compared:
            answer[capacity] = compared
    return answer


def _compared(results: Sequence[Result], strategy: str) -> Iterator[tuple[str, object]]:
    """Compare the strategies over some worlds."""
    names = [strategy, BASELINE, ORACLE]
    of = {
        measure: {name: np.array([_share(one, name, measure) for one in results]) for name in names}
        for measure in ("money_share", "harm_share", "hit_rate")
    }
    yield "worlds", len(results)
    yield (
        "means",
        {name: {m: round(float(values[name].mean()), 4) for m, values in of.items()} for name in names},
    )
    draws = np.random.default_rng(1).integers(0, len(results), (RESAMPLES, len(results)))
    for measure, said in (("money_share", "money"), ("harm_share", "harm")):
        ours, plain, best = (of[measure][name] for name in names)
        ratios = (ours - plain)[draws].mean(axis=1) / (best - plain)[draws].mean(axis=1)
        yield (
            f"gap_closed_{said}",
            {
                "value": round(float((ours - plain).mean() / (best - plain).mean()), 4),
                "low": round(float(np.quantile(ratios, (1 - LEVEL) / 2)), 4),
                "high": round(float(np.quantile(ratios, (1 + LEVEL) / 2)), 4),
                "worlds_above_0": int((ours > plain).sum()),
            },
        )
    for measure, values in of.items():
        yield f"difference_{measure}", _difference(values[strategy] - values[BASELINE])


def _difference(paired: Floats) -> dict[str, float | None]:
    """Return the mean of paired differences with the ends of Student's interval; None with one world."""
    mean = float(paired.mean())
    half = None
    if len(paired) > 1:
        half = float(
            stats.t.ppf((1 + LEVEL) / 2, len(paired) - 1) * paired.std(ddof=1) / np.sqrt(len(paired))
        )
    return {
        "mean": round(mean, 4),
        "low": None if half is None else round(mean - half, 4),
        "high": None if half is None else round(mean + half, 4),
    }


def _achieved(done: Replay) -> dict[str, dict[str, object]]:
    """Return the figures of each strategy over all days after the warm-up."""
    achieved: dict[str, dict[str, object]] = {}
    for name, figures in done.figures.items():
        one = figures[-1]
        achieved[name] = {
            "declarations": one.declarations,
            "share_controlled": round(one.share_controlled, 6),
            "money_share": round(one.money_share or 0.0, 6),
            "harm_share": round(one.harm_share or 0.0, 6),
            "hit_rate": round(one.hit_rate or 0.0, 6),
            "forms": {form: {"controls": f.controls, "found": f.found} for form, f in one.forms.items()},
            "calibration_error": one.calibration_error and round(one.calibration_error, 6),
            "compliance": one.compliance.rate and round(one.compliance.rate, 6),
            "compliance_ends": [round(one.compliance.low, 6), round(one.compliance.high, 6)],
            "compliant": round(one.compliant, 6),
            "minutes": one.minutes,
            "seconds": round(one.seconds, 1),
            "quarters": [
                {
                    "quarter": part.quarter,
                    "money_share": round(part.money_share or 0.0, 6),
                    "harm_share": round(part.harm_share or 0.0, 6),
                    "hit_rate": round(part.hit_rate or 0.0, 6),
                }
                for part in figures[:-1]
            ],
        }
    return achieved


def _of(result: Result, name: str) -> object:
    setting = result["setting"]
    assert isinstance(setting, dict)  # noqa: S101 -- our own file
    return setting[name]


def _share(result: Result, strategy: str, measure: str) -> float:
    strategies = result["strategies"]
    assert isinstance(strategies, dict)  # noqa: S101 -- our own file
    return float(strategies[strategy][measure])


def main() -> None:
    """Run what is not done yet, and sum up."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    asked.add_argument("--worlds", type=int, default=12)
    asked.add_argument("--first-seed", type=int, default=FIRST_SEED)
    asked.add_argument("--months", type=int, default=12)
    asked.add_argument("--per-day", type=float, default=200)
    asked.add_argument("--strategy", default="daliz")
    asked.add_argument("--workers", type=int, default=1)
    asked.add_argument("--capacity", action="append", choices=CAPACITIES, help="one of them; all unless told")
    asked.add_argument("--out", type=Path, default=Path("studies/results/learning_gap"))
    options = asked.parse_args()
    worlds = [
        World(seed, options.months, options.per_day, options.strategy, options.out)
        for seed in range(options.first_seed, options.first_seed + options.worlds)
    ]
    tasks = [(world, capacity) for capacity in options.capacity or CAPACITIES for world in worlds]
    with ProcessPoolExecutor(options.workers) as pool:
        for number, said in enumerate(pool.map(one_replay, tasks), 1):
            for line in said:
                print(f"[{number}/{len(tasks)}] {line}", flush=True)
    kept = [one for world, capacity in tasks if (one := world.done(capacity)) is not None]
    if kept:
        command = (
            f"python -m studies.learning_gap --worlds {options.worlds} --first-seed {options.first_seed} "
            f"--months {options.months} --per-day {options.per_day:g} --strategy {options.strategy} "
            f"--out {options.out}" + "".join(f" --capacity {one}" for one in options.capacity or ())
        )
        answer = {"command": command, **summary(kept, options.strategy)}
        (options.out / "summary.json").write_text(json.dumps(answer, indent=1) + "\n", encoding="utf-8")
        print(json.dumps(answer, indent=1))
    if len(kept) < len(tasks):
        sys.exit(1)


if __name__ == "__main__":
    main()
