"""The bar at the side: each door offers its pages, each person sees those of the roles held."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from daliz.doors.pages.language import said
from daliz.ground.staff.actor import Actor, Role


@dataclass(frozen=True, slots=True)
class Entry:
    """A page of the bar.

    Attributes:
        name: its title, marked with ``N_``.
        icon: of the sprite.
        address: name of its address.
        roles: who sees it.
        first: where a person with its roles begins; the smallest wins.
        count: what waits there for a person; None where nothing is counted.
    """

    name: str
    icon: str
    address: str
    roles: frozenset[Role]
    first: int
    count: Callable[[Actor], int] | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry as it is shown."""

    name: str
    icon: str
    url: str
    here: bool
    count: int = 0


_OFFERED: Final[list[Entry]] = []


def offer(entries: Iterable[Entry]) -> None:
    """Put pages into the bar; doors do so when they are made ready."""
    _OFFERED.extend(entry for entry in entries if entry not in _OFFERED)
    _OFFERED.sort(key=lambda entry: entry.first)


def bar_of(actor: Actor, path: str) -> list[Shown]:
    """Return the bar of a person; ``here`` has the longest address that ``path`` begins with."""
    mine = [(entry, reverse(entry.address)) for entry in _OFFERED if actor.has(*entry.roles)]
    under = [url for _, url in mine if path.startswith(url)]
    here = max(under, key=len, default="")
    return [
        Shown(
            said(entry.name), entry.icon, url, url == here, 0 if entry.count is None else entry.count(actor)
        )
        for entry, url in mine
    ]


def beginning_of(actor: Actor) -> str | None:
    """Return the address where a person begins; None if no page is his."""
    return next((reverse(entry.address) for entry in _OFFERED if actor.has(*entry.roles)), None)
