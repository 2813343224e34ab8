"""What can be learned from the public Korean import declarations of tuples that were never seen.

    make study-korea DATA=../shared/data/korea

Grouped cross-validation, the published split by date, and a replay in which only controls reveal outcomes;
kept in ``studies/results/korea.json``. docs/handbook/korea.md says what this can and cannot show.
"""

import argparse
import hashlib
import json
import os
import platform
import sys
import time
from datetime import UTC, date, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Final

import numpy as np

from daliz.engine.features.clock import day_number
from studies.korea.columns import Columns
from studies.korea.crossing import grouped, published
from studies.korea.goods import first_of_each, read_goods
from studies.korea.measures import DRAWS
from studies.korea.replay import LEARN_EVERY, WARM_DAYS, compared

RESULT: Final = Path(__file__).resolve().parents[1] / "results" / "korea.json"
SEEDS: Final = (11, 12, 13)
"""Of the folds; none of them was used in development."""
REPLAYS: Final = (21, 22, 23, 24, 25)
_FILES: Final = ("train.csv", "valid.csv")
_SHARE: Final = 0.10
_VALID_FROM: Final = date(2021, 1, 1)
_NAMED: Final = ("daliz", "duckdb", "lightgbm", "numpy", "pyarrow", "scikit-learn")


def main() -> None:
    """Run the study and keep its result."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    asked.add_argument("--data", type=Path, required=True, help="folder with train.csv and valid.csv")
    asked.add_argument("--out", type=Path, default=RESULT)
    options = asked.parse_args()
    begun = time.perf_counter()
    columns = Columns(read_goods(options.data))
    everything = np.arange(len(columns.goods))
    _tell(f"{len(everything)} declarations read")
    answer: dict[str, object] = {
        "command": "make study-korea",
        "run_on": datetime.now(UTC).date().isoformat(),
        "data": {
            "name": "Customs Import Declaration Datasets (arXiv 2208.02484)",
            "sha256": {name: _sha256(options.data / name) for name in _FILES},
        },
        "versions": {"python": platform.python_version(), **{part: version(part) for part in _NAMED}},
        "machine": {"cores": os.cpu_count(), "processor": platform.machine(), "threads_used": 1},
        "intervals": f"90 %, whole tuples drawn again {DRAWS} times, models and controls as they are",
        "grouped_cross_validation": grouped(columns, seeds=SEEDS, tell=_tell),
        "published_split": published(columns, first_day=day_number(_VALID_FROM), seed=SEEDS[0]),
        "replay": {
            "controlled": f"{_SHARE:.0%} of each week after {WARM_DAYS} days that are labelled in full",
            "trained": f"every {LEARN_EVERY} weeks",
            "each_tuple_once": compared(
                columns, partial(first_of_each, columns.goods), share=_SHARE, seeds=REPLAYS, tell=_tell
            ),
            "as_published": compared(columns, lambda _: everything, share=_SHARE, seeds=REPLAYS, tell=_tell),
        },
    }
    answer["minutes"] = round((time.perf_counter() - begun) / 60, 1)
    options.out.parent.mkdir(exist_ok=True)
    options.out.write_text(json.dumps(answer, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    _tell(f"kept in {options.out.name}")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
