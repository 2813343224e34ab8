"""A client that costs little: requests made beforehand, sent over connections that stay open."""

import socket
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back.

    Attributes:
        seconds: of each request.
        wall: from the first to the last, seconds.
        wrong: answers that are not 2xx.
    """

    seconds: Sequence[float]
    wall: float
    wrong: Sequence[str]

    def quantile_ms(self, q: float) -> float:
        """Return a quantile of the latency, milliseconds."""
        return round(1000 * float(np.quantile(self.seconds, q)), 1)


def request_of(path: str, body: bytes, token: str, headers: str = "") -> bytes:
    """Return a POST as it goes over the wire."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n{headers}"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class Line:
    """A connection."""

    def __init__(self, port: int, timeout: float = 60) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request: bytes) -> tuple[int, bytes]:
        """Send a request; return status and body."""
        self._socket.sendall(request)
        data = b""
        while b"\r\n\r\n" not in data:
            data += self._more()
        head, _, body = data.partition(b"\r\n\r\n")
        lengths = [h for h in head.lower().split(b"\r\n") if h.startswith(b"content-length:")]
        length = int(lengths[0].split(b":")[1]) if lengths else 0
        while len(body) < length:
            body += self._more()
        return int(head[9:12]), body

    def close(self) -> None:
        """End the connection."""
        self._socket.close()

    def _more(self) -> bytes:
        data = self._socket.recv(65536)
        if not data:
            raise ConnectionError("the other side is gone")
        return data


def send(port: int, requests: Sequence[bytes], *, connections: int) -> Answered:
    """Send every request once, over so many connections at a time."""
    taken, lock = iter(requests), threading.Lock()
    seconds: list[float] = []
    wrong: list[str] = []

    def work() -> None:
        line = Line(port)
        while True:
            with lock:
                request = next(taken, None)
            if request is None:
                break
            begun = time.perf_counter()
            status, body = line.ask(request)
            seconds.append(time.perf_counter() - begun)
            if not 200 <= status < 300:
                wrong.append(f"{status} {body[:300].decode(errors='replace')}")
        line.close()

    threads = [threading.Thread(target=work) for _ in range(connections)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Answered(seconds, time.perf_counter() - begun, wrong)
