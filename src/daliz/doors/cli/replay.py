"""``daliz replay``: what strategies would have found on a border whose truth is known."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import pyarrow as pa
import typer

from daliz.doors.cli.assessment_folder import children_beside, named_file
from daliz.doors.cli.console import err, out
from daliz.doors.cli.options import Lang, Language, Overlay
from daliz.doors.cli.replay_folder import as_data, write_folder
from daliz.doors.cli.replay_view import show
from daliz.doors.cli.report.replay_page import ReplayPage
from daliz.doors.cli.waiting import telling
from daliz.engine.allocation import Capacity
from daliz.engine.pack import Pack, load_pack
from daliz.engine.records.files import parquet_files, read_table
from daliz.engine.records.schema import DECLARATIONS, TRANSPORT_MEANS, TRUTH
from daliz.engine.replay import ReplayError, Setting, replay
from daliz.engine.strategies import STRATEGIES
from daliz.engine.world import WORLD_SEED
from daliz.language import N_, translate

_LEVELS = (0.5, 0.999)
_WEEK = 7


@dataclass(frozen=True, slots=True)
class Given:
    """The tables that a replay is made from."""

    declarations: pa.Table
    truth: pa.Table
    transport_means: pa.Table | None


def command(
    declarations: Annotated[
        Path, typer.Option(help="Canonical declarations: a file, or a folder of files.", exists=True)
    ],
    truth: Annotated[
        Path, typer.Option(help="Canonical truth about them; daliz world writes both.", exists=True)
    ],
    capacity: Annotated[
        str,
        typer.Option(
            help="Share of a day's declarations for each form, documents=16%,physical=4%; or a CSV of pool, "
            "form, day, minutes."
        ),
    ],
    out_dir: Annotated[Path, typer.Option("--out", help="Folder for the results.", file_okay=False)],
    strategy: Annotated[
        str,
        typer.Option(
            help=f"Strategies, with commas between them: {', '.join(STRATEGIES)}, or package.module:Class."
        ),
    ] = "daliz",
    warmup_weeks: Annotated[
        int, typer.Option(help="Weeks at the beginning in which everything is controlled.", min=0)
    ] = 8,
    delay_days: Annotated[
        int, typer.Option(help="Days after which a finding is known at the earliest.", min=0)
    ] = 5,
    transport_means: Annotated[
        Path | None,
        typer.Option(
            help="Canonical transport means; those beside the declarations unless told.", exists=True
        ),
    ] = None,
    pack: Annotated[str, typer.Option(help="Country pack: its code or folder.")] = "kz",
    overlay: Overlay = None,
    seed: Annotated[
        int | None,
        typer.Option(help="Seed of the world and of all chance; the one kept with the truth unless told."),
    ] = None,
    level: Annotated[float, typer.Option(help="Confidence of the intervals, 0.5 to 0.999.")] = 0.9,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
    lang: Lang = Language.EN,
) -> None:
    """Lead strategies through a border whose truth is known, day by day, an oracle among them.

    After the warm-up a strategy learns only what its own controls found, and when it becomes known. Exit code
    0 when all strategies came through; 1 when one failed (the others are written) or something is wrong with
    what was given; 2 for wrong usage.
    """
    names = [name.strip() for name in strategy.split(",") if name.strip()]
    strange = [name for name in names if name not in STRATEGIES and ":" not in name]
    if strange or not names:
        raise ReplayError(
            N_("--strategy {found}: there are {names}, or package.module:Class"),
            found=", ".join(strange), names=", ".join(STRATEGIES),
        )  # fmt: skip
    if not _LEVELS[0] <= level <= _LEVELS[1]:
        raise ReplayError(N_("--level {found}: give a number from 0.5 to 0.999"), found=level)
    rules = load_pack(pack, overlay=overlay)
    setting = Setting(rules, _capacity(capacity, rules), _WEEK * warmup_weeks, delay_days)
    beside = transport_means or children_beside(declarations).get("transport_means")
    with telling(lang) as tell:
        tell(N_("reading declarations and truth"), 0.0)
        given = Given(
            read_table(declarations, DECLARATIONS),
            read_table(truth, TRUTH),
            read_table(beside, TRANSPORT_MEANS) if beside else None,
        )
        done = replay(
            given.declarations,
            given.truth,
            names,
            setting,
            seed=_seed(given.truth) if seed is None else seed,
            transport_means=given.transport_means,
            level=level,
            progress=tell,
        )
        tell(N_("writing the report"), 0.0)
        files = [f for place in (declarations, truth, beside) if place for f in parquet_files(place)]
        page = ReplayPage(done, rules, capacity, tuple(named_file(file) for file in files))
        write_folder(out_dir, page, lang=lang)
    if as_json:
        typer.echo(json.dumps(as_data(page), ensure_ascii=False, indent=1))
    else:
        show(page, lang)
        out.print(translate("The report is {path}", lang, path=out_dir / "report.html"), highlight=False)
    for failure in done.failures.values():
        err.print(
            f"{failure.error.code}: {failure.error.text(lang)}", style="red", highlight=False, markup=False
        )
    if done.failures:
        raise typer.Exit(1)


def _capacity(stated: str, pack: Pack) -> Capacity:
    """Read the option: shares where it has an equals sign, else a file; nothing but what is stated."""
    if "=" in stated:
        return Capacity.of(stated, forms=pack.forms)
    pools = {*pack.offices, *(office.pool for office in pack.offices.values())}
    return Capacity.from_file(Path(stated), forms=pack.forms, pools=pools)


def _seed(truth: pa.Table) -> int:
    """Return the seed that the world kept with its truth."""
    kept = (truth.schema.metadata or {}).get(WORLD_SEED)
    if kept is None:
        raise ReplayError(N_("the truth does not keep the seed of its world; give it with --seed"))
    return int(kept)
