"""Who submits while others are being committed goes with them, and nobody pays for another's mistake."""

import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from daliz.doors.api.gathering import MOST, Gathering


class LostError(Exception):
    """The connection went while it was being committed."""


class Counter:
    """Answers with what was asked, once the test lets the first call go on; notes what came together."""

    def __init__(self) -> None:
        self.calls: list[list[str]] = []
        self.begun, self.go_on = threading.Event(), threading.Event()

    def __call__(self, asked: Sequence[str]) -> list[str]:
        self.calls.append(list(asked))
        self.begun.set()
        assert self.go_on.wait(30)
        if "lost" in asked:
            raise LostError
        if "wrong" in asked:
            raise ValueError("wrong")
        return [f"{one} done" for one in asked]


def gathered(counter: Counter, asked: Sequence[str]) -> list[Future[str]]:
    """Ask for the first, and for the others while it is under way; return what becomes of each."""
    gathering: Gathering[str, str] = Gathering(counter, unsure=(LostError,))
    with ThreadPoolExecutor(len(asked)) as threads:
        futures = [threads.submit(gathering.carry_out, asked[0])]
        assert counter.begun.wait(30)
        for n, one in enumerate(asked[1:], 1):
            futures.append(threads.submit(gathering.carry_out, one))
            while len(gathering._queue) < n:
                pass
        counter.go_on.set()
    return futures


def test_who_comes_meanwhile_goes_together_in_the_order_of_coming() -> None:
    counter = Counter()
    futures = gathered(counter, ["a", "b", "c", "d"])
    assert [one.result() for one in futures] == ["a done", "b done", "c done", "d done"]
    assert counter.calls == [["a"], ["b", "c", "d"]]


def test_what_is_refused_is_refused_to_him_alone() -> None:
    counter = Counter()
    first, good, bad, other = gathered(counter, ["a", "b", "wrong", "d"])
    assert [one.result() for one in (first, good, other)] == ["a done", "b done", "d done"]
    with pytest.raises(ValueError, match="wrong"):
        bad.result()
    assert counter.calls[:2] == [["a"], ["b", "wrong", "d"]]
    assert sorted(counter.calls[2:]) == [["b"], ["d"], ["wrong"]]


def test_what_may_have_been_done_is_not_done_again() -> None:
    counter = Counter()
    first, *others = gathered(counter, ["a", "b", "lost"])
    assert first.result() == "a done"
    for one in others:
        with pytest.raises(LostError):
            one.result()
    assert counter.calls == [["a"], ["b", "lost"]]


def test_so_many_go_together_at_most() -> None:
    counter = Counter()
    futures = gathered(counter, [str(n) for n in range(MOST + 3)])
    assert [one.result() for one in futures] == [f"{n} done" for n in range(MOST + 3)]
    assert [len(call) for call in counter.calls] == [1, MOST, 2]


def test_who_leads_and_fails_hands_on_all_the_same() -> None:
    counter = Counter()
    counter.go_on.set()
    gathering: Gathering[str, str] = Gathering(counter, unsure=(LostError,))
    with pytest.raises(ValueError, match="wrong"):
        gathering.carry_out("wrong")
    assert gathering.carry_out("b") == "b done"
