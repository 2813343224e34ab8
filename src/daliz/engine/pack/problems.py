"""What is wrong with a pack, and where: file, line, column, what was found, what would be right."""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from daliz.language import N_, DalizError, Message


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands: file as given, line and column from 1."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is not right.

    Attributes:
        place: where it stands.
        code: stable across releases, for programs (``pack-unknown-key``).
        message: what was found and what would be right, translatable.
    """

    place: Place
    code: str
    message: Message

    @property
    def file(self) -> str:
        """The file it stands in."""
        return self.place.file

    @property
    def line(self) -> int:
        """Its line, from 1."""
        return self.place.line

    @property
    def column(self) -> int:
        """Its column, from 1."""
        return self.place.column

    def text(self, lang: str = "en") -> str:
        """Return ``file:line:column: sentence [code]`` in ``lang``."""
        return f"{self.place}: {self.message.text(lang)} [{self.code}]"

    def __str__(self) -> str:
        return self.text()


@dataclass(slots=True)
class Problems:
    """Collects problems while a pack is read, so that all are told and not the first only."""

    found: list[Problem] = field(default_factory=list)

    def add(self, code: str, place: Place, template: str, /, **values: object) -> None:
        """Note one problem; ``template`` is marked with ``N_`` where it is written."""
        self.found.append(Problem(place, code, Message(template, values)))

    def unknown(self, code: str, place: Place, what: str, found: str, known: Iterable[str]) -> None:
        """Note a name that is not declared, with the declared one most like it.

        Args:
            code: stable code of the problem.
            place: where the name stands.
            what: kind of the name, marked with ``N_``: ``measure``, ``office``.
            found: the name as written.
            known: the names that would be right.
        """
        near = difflib.get_close_matches(found, sorted(known), n=1, cutoff=0.6)
        values: dict[str, object] = {"what": Message(what), "found": found}
        if near:
            template = N_("{what} {found!r} is not declared; did you mean {near!r}?")
            self.add(code, place, template, near=near[0], **values)
        else:
            self.add(code, place, N_("{what} {found!r} is not declared in this pack"), **values)

    def sorted(self) -> list[Problem]:
        """Return the problems in the order of their places."""
        return sorted(self.found, key=lambda problem: (problem.place, problem.code, problem.message.text()))


class PackError(DalizError):
    """A pack is not right and is not used; ``problems`` holds everything that is wrong with it.

    Where an overlay lies over the pack, the text tells only places and codes: it may end in a log, and what
    stands in an overlay is for nobody but its holder.
    """

    code: ClassVar[str] = "pack-not-right"

    def __init__(self, path: str, problems: Sequence[Problem], *, overlay: Path | None = None) -> None:
        self.problems = tuple(problems)
        self._overlay = overlay
        template = N_("pack {path} is not right; problems: {number}")
        if overlay is not None:
            template = N_(
                "pack {path} with its overlay is not right; problems: {number}; "
                "daliz pack check with --overlay tells them"
            )
        super().__init__(template, path=path, number=len(problems))

    def text(self, lang: str = "en") -> str:
        """Return the sentence and below it each problem on its line."""
        lines = (
            problem.text(lang) if self._overlay is None else self._place(problem) for problem in self.problems
        )
        return "\n".join([self.message.text(lang), *(f"  {line}" for line in lines)])

    def _place(self, problem: Problem) -> str:
        """Return where a problem stands and its code, without what stands there."""
        file = Path(problem.file)
        inside = (
            file.relative_to(self._overlay) if self._overlay and file.is_relative_to(self._overlay) else file
        )
        return f"{Place(str(inside), problem.line, problem.column)}: [{problem.code}]"

    def __str__(self) -> str:
        return self.text()


class PackNotFoundError(DalizError):
    """No pack has this code and no file or directory has this path."""

    code: ClassVar[str] = "pack-not-found"
