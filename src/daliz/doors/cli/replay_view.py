"""The answer of ``daliz replay`` for people: one line a strategy, the oracle last."""

from rich.console import Console
from rich.table import Table

from daliz.doors.cli.console import out
from daliz.doors.cli.report.replay_page import ReplayPage
from daliz.doors.cli.voice import Voice
from daliz.language import N_

_WIDEST = 200
"""Characters that the table may take, however narrow the screen."""


def show(page: ReplayPage, lang: str) -> None:
    """Print what each strategy achieved over all days after the warm-up."""
    voice, done = Voice(lang, page.pack), page.replay
    days = done.border.days
    out.print(
        voice.say(
            N_("Decided day by day from {first} to {last}, after a warm-up from {begin}."),
            first=voice.day(days[done.setting.warmup_days]), last=voice.day(days[-1]),
            begin=voice.day(days[0]),
        ),
        highlight=False,
    )  # fmt: skip
    table = Table(box=None, pad_edge=False)
    table.add_column(voice.say(N_("Strategy")))
    for heading in (
        N_("Controlled"), N_("Hit rate"), N_("Money recovered"), N_("Harm found"),
        N_("Money, of the oracle's"), N_("Gap closed, money"), N_("Gap closed, harm"), N_("Seconds"),
    ):  # fmt: skip
        table.add_column(voice.say(heading), justify="right")
    for name, figures in done.figures.items():
        own, gap = figures[-1], done.gap(name, len(figures) - 1)
        table.add_row(
            name,
            voice.percent(own.share_controlled),
            voice.percent(own.hit_rate),
            voice.percent(own.money_share),
            voice.percent(own.harm_share),
            voice.percent(done.of_oracle(name, len(figures) - 1)[0]),
            voice.percent(gap.money if gap else None),
            voice.percent(gap.harm if gap else None),
            voice.number(own.seconds, 1),
        )
    Console(width=_WIDEST).print(table)
