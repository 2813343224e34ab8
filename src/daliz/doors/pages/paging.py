"""A page of many rows, its number in the address."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Part(Generic[M]):
    """Some rows of many.

    Attributes:
        rows: of this page.
        number: of this page, from 1.
        pages: how many there are, at least 1.
        count: rows in all.
        query: the address's other values, to be kept by links to other pages.
    """

    rows: list[M]
    number: int
    pages: int
    count: int
    query: str

    @property
    def before(self) -> int | None:
        """The number of the page before."""
        return self.number - 1 if self.number > 1 else None

    @property
    def after(self) -> int | None:
        """The number of the page after."""
        return self.number + 1 if self.number < self.pages else None


def part_of(rows: QuerySet[M], request: HttpRequest, *, size: int = 50) -> Part[M]:
    """Return the page that the address names under ``page``; the nearest one if there is no such page."""
    paginator = Paginator(rows, size)
    chosen = paginator.get_page(request.GET.get("page"))
    kept = request.GET.copy()
    kept.pop("page", None)
    return Part(
        list(chosen.object_list), chosen.number, paginator.num_pages, paginator.count, kept.urlencode()
    )
