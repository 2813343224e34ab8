"""``daliz serve``, ``tend``, ``night``, ``staff``, ``journal``: the live system from the command line."""

import os
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from daliz.doors.cli.console import err, out
from daliz.doors.cli.days import day_of
from daliz.doors.cli.options import Lang, Language
from daliz.doors.cli.waiting import telling
from daliz.ground.staff.actor import Role
from daliz.language import N_, translate
from daliz.language.numbers import format_number

staff = typer.Typer(help="People: admit one with a role, give a token for a program.", no_args_is_help=True)
journal = typer.Typer(help="The journal: seal it, verify it.", no_args_is_help=True)


def awake() -> None:
    """Make Django ready, with a home that has its secret."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "daliz.config.settings")
    home = Path(os.environ.get("DALIZ_HOME", "daliz-data")).resolve()
    home.mkdir(parents=True, exist_ok=True)
    secret = home / "secret-key"
    if "DALIZ_SECRET_KEY" not in os.environ and not secret.exists():
        secret.touch(mode=0o600)
        secret.write_text(secrets.token_urlsafe(48) + "\n", encoding="utf-8")
    import django

    django.setup()


def migrated() -> None:
    """Bring the database up to this release."""
    awake()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = 8000,
    workers: Annotated[
        int, typer.Option(help="Processes that answer; one is best with the embedded database.", min=1)
    ] = 1,
    threads: Annotated[int, typer.Option(help="Requests that a process answers at a time.", min=1)] = 4,
    migrate: Annotated[
        bool, typer.Option("--migrate/--no-migrate", help="Bring the database up to this release first.")
    ] = True,
    tend: Annotated[
        bool,
        typer.Option("--tend/--no-tend", help="Start daliz tend beside it; without, start one yourself."),
    ] = True,
) -> None:
    """Serve the API: the web server, and beside it what seals, carries and distributes.

    One process tree; it ends together. Settings come from the environment.
    """
    if migrate:
        migrated()
    else:
        awake()
    from daliz.doors.cli.serving.server import run

    run(host=host, port=port, workers=workers, threads=threads, tend=tend)


def tend(
    every: Annotated[float, typer.Option(help="Seconds between two rounds.", min=0.05)] = 1.0,
    rounds: Annotated[int | None, typer.Option(help="Stop after so many rounds; without it, never.")] = None,
) -> None:
    """Seal the journal, carry messages, distribute controls that wait, do the nights' jobs; over and over.

    ``daliz serve`` starts one by itself.
    """
    awake()
    from daliz.doors.cli.serving.tending import tend_for

    tend_for(every=every, rounds=rounds)


def night(
    day: Annotated[str, typer.Option(help="The day to prepare, 2026-03-31.")],
    history: Annotated[
        Path | None,
        typer.Option(
            help="Folder of declarations.parquet and findings.parquet from before the database began; kept.",
            exists=True,
        ),
    ] = None,
    capacity: Annotated[
        str | None, typer.Option(help="Officer time, documents=16%,physical=4%; the pack's if not given.")
    ] = None,
    lang: Lang = Language.EN,
) -> None:
    """Learn from what is known before a day, plan officers' time for it, and put both in force."""
    asked = day_of(day, "--day", "2026-03-31")
    migrated()
    from daliz.doors.cli.serving.jobs import done, keep_past, past_folder
    from daliz.doors.cli.serving.nightly import prepare_and_publish

    if history is not None:
        keep_past(history)
    with telling(lang) as tell:
        published, answers = prepare_and_publish(
            asked, history=past_folder(), capacity=capacity, progress=tell
        )
    done(asked, published)
    said = N_("In force for {day}: {policy}; history answers {n} keys.")
    out.print(
        translate(said, lang, day=asked.isoformat(), policy=published, n=format_number(answers, lang)),
        highlight=False,
    )


@staff.command("admit")
def admit_one(
    login: Annotated[str, typer.Argument(help="The name to log in with.")],
    name: Annotated[str, typer.Option(help="The person's name.")],
    role: Annotated[list[Role], typer.Option(help="A role; may be given several times.")],
    office: Annotated[
        str | None, typer.Option(help="The office where the roles hold; everywhere without it.")
    ] = None,
    organisation: Annotated[str, typer.Option(help="Whose declarations a declarant sees.")] = "",
    forms: Annotated[
        str,
        typer.Option(help="Forms of control that an officer carries out: documents,physical; he is at work."),
    ] = "",
    lang: Lang = Language.EN,
) -> None:
    """Admit a person with roles and print the first password; it is shown once."""
    migrated()
    from daliz.doors.cli.serving.people import admit_person

    password = secrets.token_urlsafe(12)
    admit_person(
        login=login, name=name, roles=[one.value for one in role], office=office, organisation=organisation,
        forms=[form for form in forms.split(",") if form], password=password,
    )  # fmt: skip
    out.print(
        translate(N_("{login} is admitted; the password, shown once, is:"), lang, login=login),
        highlight=False,
    )
    out.print(password, highlight=False)


@staff.command("token")
def token_for(
    login: Annotated[str, typer.Argument(help="Whose program it is for.")],
    name: Annotated[str, typer.Option(help="What the program is called.")],
    scope: Annotated[
        list[str] | None,
        typer.Option(help="What it may be used for; everything the person may, if not given."),
    ] = None,
    days: Annotated[int, typer.Option(help="For how many days it holds.", min=1, max=3660)] = 90,
    rotate: Annotated[
        bool,
        typer.Option("--rotate", help="In place of the newest of this name, which holds for --grace yet."),
    ] = False,
    grace: Annotated[int, typer.Option(help="Hours that a token holds on after --rotate.", min=0)] = 24,
) -> None:
    """Make a token for a program and print it; it is shown once."""
    awake()
    from daliz.doors.cli.serving.people import rotated, token_of

    until = datetime.now(UTC) + timedelta(days=days)
    if rotate:
        typer.echo(rotated(login, name=name, until=until, grace=timedelta(hours=grace)))
        return
    typer.echo(token_of(login, name=name, scopes=scope, until=until))


@journal.command("seal")
def seal_now(lang: Lang = Language.EN) -> None:
    """Chain what is not chained yet."""
    awake()
    from daliz.ground.journal.actions import seal

    said = N_("{n} entries were sealed.")
    out.print(translate(said, lang, n=format_number(seal(limit=10_000_000), lang)), highlight=False)


@journal.command("verify")
def verify_journal(
    head: Annotated[
        str | None, typer.Option(help="A head that was written down before; the chain must still have it.")
    ] = None,
    lang: Lang = Language.EN,
) -> None:
    """Walk the whole chain: links, contents, the end. Exit code 0 if all is well, 1 if not."""
    awake()
    from daliz.ground.journal.models import Seal
    from daliz.ground.journal.queries import verify

    verdict = verify(now=datetime.now(UTC))
    for problem in verdict.problems:
        err.print(problem.text(lang), style="red", highlight=False)
    gone = head is not None and not Seal.objects.filter(chain=head).exists()
    if gone:
        err.print(translate(N_("the chain does not have the head that was written down"), lang), style="red")
    said = N_("{sealed} entries in the chain, {waiting} to be sealed, {erased} erased. The head is:")
    numbers = {"sealed": verdict.sealed, "waiting": verdict.waiting, "erased": verdict.erased}
    out.print(
        translate(said, lang, **{k: format_number(v, lang) for k, v in numbers.items()}), highlight=False
    )
    out.print(verdict.head, highlight=False)
    if verdict.problems or gone:
        raise typer.Exit(1)
