"""Figures to one self-contained page in three languages."""

from pathlib import Path
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from daliz.doors.cli.declared import visible
from daliz.doors.cli.report.tables import Tables
from daliz.doors.cli.report.view import View
from daliz.doors.cli.voice import Voice
from daliz.engine.pack import Pack
from daliz.engine.records.files import replacing
from daliz.language import LANGUAGES, N_

_TITLE: Final = N_("Daliz: report of assessment")
NAMES_OF_LANGUAGES: Final = {"en": "English", "ru": "Русский", "kk": "Қазақша"}


def write_report(folder: Path, pack: Pack, *, lang: str = "en") -> Path:
    """Write ``report.html`` into the output folder of an assessment and return its path.

    One file without scripts and without anything from outside, in all languages; the same folder gives the
    same bytes.

    Args:
        folder: as ``daliz assess`` left it.
        pack: names the codes; best the one that decided.
        lang: the language that is open first.

    Raises:
        FolderError: the folder has no manifest or lacks a table.
    """
    page = render(View.of(Tables.of(folder, pack)), lang=lang)
    path = folder / "report.html"
    with replacing(path) as temporary:
        temporary.write_text(page, encoding="utf-8")
    return path


def render(view: View, *, lang: str = "en") -> str:
    """Return the page."""
    days = view.manifest.days
    return paged(
        "body.html",
        view,
        view.pack,
        title=f"{Voice(lang, view.pack).say(_TITLE)}, {view.pack.name.in_(lang)}, {days.first} – {days.last}",
        lang=lang,
    )


def paged(body: str, view: object, pack: Pack, *, title: str, lang: str) -> str:
    """Return a page that says the template ``body`` in all languages, without scripts, self-contained.

    Args:
        body: name of the template; it sees the view as ``v``.
        view: everything the page shows.
        pack: names the codes.
        title: of the page, in the language that is open first.
        lang: the language that is open first.
    """
    environment = Environment(
        loader=PackageLoader("daliz.doors.cli.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["visible"] = visible
    style, _, _ = environment.loader.get_source(environment, "report.css")  # type: ignore[union-attr]  # set above
    template = environment.get_template(body)
    spoken = {}
    for one in LANGUAGES:
        voice = Voice(one, pack)
        spoken[one] = Markup(template.render(v=view, voice=voice, lang=one, _=voice.say))  # noqa: S704 -- escaped within
    return (
        environment.get_template("report.html").render(
            first=lang,
            title=title,
            style=Markup(style),  # noqa: S704 -- our own file
            spoken=spoken,
            names=NAMES_OF_LANGUAGES,
        )
        + "\n"
    )
