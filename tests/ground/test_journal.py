"""The journal: what is written stays, and whoever changes it is found out."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from daliz.ground.journal.actions import erase, note, seal
from daliz.ground.journal.models import Entry, Head, Seal
from daliz.ground.journal.queries import verify
from daliz.ground.staff.actor import SYSTEM
from tests.ground.cast import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def three_entries() -> list[Entry]:
    return [
        note(act="x.done", subject=("thing", str(n)), actor=SYSTEM, now=NOON, payload={"n": n})
        for n in range(3)
    ]


def without_triggers(statement: str) -> None:
    """Change rows as somebody would who has the database in his hands."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE journal_entry DISABLE TRIGGER USER")
            cursor.execute("ALTER TABLE journal_seal DISABLE TRIGGER USER")
        cursor.execute(statement)


def test_sealed_entries_verify_and_the_head_names_them_all() -> None:
    three_entries()
    assert seal() == 3
    found = verify(now=NOON)
    assert (found.sealed, found.waiting, found.problems) == (3, 0, ())
    note(act="x.done", subject=("thing", "9"), actor=SYSTEM, now=NOON)
    assert verify(now=NOON).waiting == 1
    seal()
    assert verify(now=NOON).head != found.head


def test_the_database_refuses_to_change_or_delete() -> None:
    first = three_entries()[0]
    seal()
    for statement in (
        "UPDATE journal_entry SET act = 'other'",
        "UPDATE journal_entry SET payload = '{}'",
        "DELETE FROM journal_seal",
        "UPDATE journal_seal SET chain = 'x'",
    ):
        with (
            pytest.raises(DatabaseError, match=r"append-only|only ever erased"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM journal_entry WHERE id = %s", [first.pk])


def test_postgresql_refuses_to_empty_it() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    three_entries()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("TRUNCATE journal_entry, journal_seal")


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE journal_entry SET actor = 'other' WHERE subject_id = '1'", "link 2 does not follow"),
        ("UPDATE journal_entry SET payload = '{}' WHERE subject_id = '1'", "the content of entry"),
        ("DELETE FROM journal_seal WHERE number = 2", "link 2 is missing"),
        ("DELETE FROM journal_seal WHERE number = 3", "the chain ends elsewhere"),
    ],
)
def test_whoever_changes_it_all_the_same_is_found_out(statement: str, said: str) -> None:
    three_entries()
    seal()
    without_triggers(statement)
    problems = [problem.text() for problem in verify(now=NOON).problems]
    assert any(said in problem for problem in problems), problems


def test_an_erased_payload_leaves_the_chain_whole() -> None:
    first = three_entries()[0]
    seal()
    erase(entry=first, reason="retention", actor=SYSTEM, now=NOON)
    seal()
    found = verify(now=NOON)
    assert (found.sealed, found.erased, found.problems) == (4, 1, ())
    first.refresh_from_db()
    assert (first.payload, first.salt) == (None, None)


def test_an_entry_that_nobody_sealed_is_told() -> None:
    three_entries()
    assert verify(now=NOON + timedelta(minutes=59)).problems == ()
    assert len(verify(now=NOON + timedelta(hours=2)).problems) == 3


def test_a_quick_round_chains_the_end_and_a_whole_one_what_was_left_behind() -> None:
    *_, third = three_entries()
    fourth = note(act="x.done", subject=("thing", "9"), actor=SYSTEM, now=NOON)
    Head.objects.create(pk=1, number=1, chain="begun")
    Seal.objects.create(number=1, entry=third, chain="begun")
    assert seal(behind=1) == 1
    assert Seal.objects.get(number=2).entry == fourth
    assert seal() == 2


def test_sealing_twice_changes_nothing() -> None:
    three_entries()
    seal()
    head = Head.objects.get().chain
    assert seal() == 0
    assert (Head.objects.get().chain, Seal.objects.count()) == (head, 3)
