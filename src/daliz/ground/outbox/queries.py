"""Notices of a person: his own and his organisation's, read or not."""

from collections.abc import Collection, Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from daliz.ground.asking import among, listed, rows_of
from daliz.ground.outbox.models import Notice, NoticeRead


def notices_of(*, organisation: str, user_id: int) -> QuerySet[Notice]:
    """Return what a person may read, newest first."""
    mine = Q(user_id=user_id)
    if organisation:
        mine |= Q(organisation=organisation, user_id=None)
    return Notice.objects.filter(mine).order_by("-id")


def unread_of(*, organisation: str, user_id: int) -> QuerySet[Notice]:
    """Return what a person has not read yet, newest first."""
    read = NoticeRead.objects.filter(notice=OuterRef("pk"), user_id=user_id)
    return notices_of(organisation=organisation, user_id=user_id).filter(~Exists(read))


def read_among(notices: Iterable[Notice], *, user_id: int) -> frozenset[int]:
    """Return the ids of those that a person has read."""
    keys = [notice.pk for notice in notices]
    rows = NoticeRead.objects.filter(notice_id__in=keys, user_id=user_id)
    return frozenset(rows.values_list("notice_id", flat=True))


def unread_count(*, organisation: str, user_id: int, most: int = 100) -> int:
    """Return how many a person has not read; ``most`` where there are more."""
    return unread_of(organisation=organisation, user_id=user_id)[:most].count()


def subscribed(organisations: Collection[str]) -> frozenset[str]:
    """Return which of some organisations want their messages carried outside the portal too."""
    statement = (
        "SELECT DISTINCT organisation FROM outbox_subscription "
        f"WHERE ended_at IS NULL AND organisation {among('organisations')}"
    )
    found = rows_of(statement, {"organisations": listed(sorted(organisations))})
    return frozenset(organisation for (organisation,) in found)
