"""Who submits while others are being committed is committed together with whoever waits beside him.

One thread of a process at a time carries out what has gathered, in one transaction, and hands on to one of
those that came meanwhile. So nobody waits for company, and the busier the hour, the fewer round trips,
commits and changes of thread there are for each declaration. Where what has gathered is refused as a whole,
each does his own alone, so that no one's mistake is another's.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

MOST: Final = 32
"""How many are carried out together at most."""

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")


@dataclass(slots=True, eq=False)
class _Waiting(Generic[Asked, Answer]):
    """Somebody whose turn comes.

    Attributes:
        asked: what he wants done.
        woken: his answer or error is there, or it is his turn to lead, or none of these: he does it alone.
        leads: it is his turn.
        answers: the one that he waits for, once it is there.
        error: what he gets instead.
    """

    asked: Asked
    woken: threading.Event = field(default_factory=threading.Event)
    leads: bool = False
    answers: list[Answer] = field(default_factory=list)
    error: Exception | None = None


@dataclass(slots=True)
class Gathering(Generic[Asked, Answer]):
    """What has gathered in a process.

    Attributes:
        together: carries out what has gathered, all or nothing, and returns the answers in its order.
        unsure: errors after which nobody knows whether it was done, so that none of it may be tried again.

    Example:
        >>> doubled = Gathering(lambda numbers: [2 * n for n in numbers], unsure=(OSError,))
        >>> doubled.carry_out(4)
        8
    """

    together: Callable[[Sequence[Asked]], Sequence[Answer]]
    unsure: tuple[type[Exception], ...]
    _queue: deque[_Waiting[Asked, Answer]] = field(default_factory=deque)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _led: bool = False

    def carry_out(self, asked: Asked) -> Answer:
        """Have something carried out with whatever else has gathered; return its answer.

        Raises:
            Exception: what ``together`` raised of this one alone, or of all where it is one of ``unsure``.
        """
        own: _Waiting[Asked, Answer] = _Waiting(asked)
        with self._lock:
            self._queue.append(own)
            own.leads, self._led = not self._led, True
        if not own.leads:
            own.woken.wait()
        if own.leads:
            self._lead(own)
        if own.error is not None:
            raise own.error
        if not own.answers:
            own.answers += self.together([asked])
        return own.answers[0]

    def _lead(self, own: _Waiting[Asked, Answer]) -> None:
        """Carry out what has gathered, of which ``own`` came first, and hand on."""
        with self._lock:
            gathered = [self._queue.popleft() for _ in range(min(len(self._queue), MOST))]
        try:
            answers = self.together([one.asked for one in gathered])
            for one, answer in zip(gathered, answers, strict=True):
                one.answers.append(answer)
        except Exception as error:
            if len(gathered) == 1 or isinstance(error, self.unsure):
                for one in gathered:
                    one.error = error
        finally:
            self._hand_on()
            for one in gathered:
                one.woken.set()

    def _hand_on(self) -> None:
        with self._lock:
            self._led = bool(self._queue)
            if self._queue:
                self._queue[0].leads = True
                self._queue[0].woken.set()
