"""Many people at once, in one thread: each is a script that asks, waits for its answer, and asks again.

One loop over sockets that stay open costs so little that on a machine of two cores the server keeps nearly all of them.
"""

import re
import selectors
import socket
import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Self

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_REFUSED_PAUSE = 0.02  # seconds; a server that is started again is not asked more often


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, after how many seconds; status 0, and why, where the connection broke before all had come."""

    status: int
    head: bytes
    body: bytes
    seconds: float

    def header(self, name: str) -> str:
        """Return the value of a header, or nothing."""
        found = re.search(rf"\r\n{name}: *([^\r]*)".encode(), self.head, re.IGNORECASE)
        return found[1].decode() if found else ""


Script = Generator[bytes, Answer, None]
"""Yields whole requests and is sent their answers."""


class Crowd:
    """So many clients, each with one connection that is kept from one script to the next."""

    def __init__(self, port: int, size: int) -> None:
        self.clients = [_Client(port, number) for number in range(size)]

    def run(self, scripts: Sequence[Script]) -> None:
        """Let every client play its script, all of them at once, until the last has ended."""
        with selectors.DefaultSelector() as selector:
            for client, script in zip(self.clients, scripts, strict=False):
                client.begin(script, selector)
            while selector.get_map():
                for key, _ in selector.select():
                    key.data.hear(selector)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for client in self.clients:
            client.hang_up()


class _Client:
    def __init__(self, port: int, number: int) -> None:
        self.port = port
        self.source = f"127.0.0.{number + 2}"  # a neighbour of its own: limits are per address
        self.socket: socket.socket | None = None
        self.script: Script
        self.heard = b""
        self.asked = 0.0

    def begin(self, script: Script, selector: selectors.BaseSelector) -> None:
        self.script = script
        self._ask(next(script, None), selector)

    def hear(self, selector: selectors.BaseSelector) -> None:
        try:
            part, why = self.socket.recv(1 << 18), "the server hung up"
        except OSError as error:
            part, why = b"", str(error)
        self.heard += part
        answer = self._answer() if part else self._broken(why)
        if answer:
            selector.unregister(self.socket)
            if not answer.status or b"\r\nconnection: close" in answer.head.lower():
                self.hang_up()
            self._go_on(answer, selector)

    def hang_up(self) -> None:
        if self.socket:
            self.socket.close()
        self.socket = None

    def _ask(self, request: bytes | None, selector: selectors.BaseSelector) -> None:
        while request is not None:
            self.heard, self.asked = b"", time.perf_counter()
            try:
                self._connected().sendall(request)
            except OSError as error:
                self.hang_up()
                time.sleep(_REFUSED_PAUSE)
                request = self._next(self._broken(str(error)))
            else:
                selector.register(self.socket, selectors.EVENT_READ, self)
                return

    def _go_on(self, answer: Answer, selector: selectors.BaseSelector) -> None:
        self._ask(self._next(answer), selector)

    def _next(self, answer: Answer) -> bytes | None:
        try:
            return self.script.send(answer)
        except StopIteration:
            return None

    def _connected(self) -> socket.socket:
        if self.socket and _is_closed(self.socket):
            self.hang_up()
        if self.socket is None:
            self.socket = socket.create_connection(("127.0.0.1", self.port), 5, (self.source, 0))
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self.socket

    def _answer(self) -> Answer | None:
        head, ended, body = self.heard.partition(b"\r\n\r\n")
        if not ended:
            return None
        length = _LENGTH.search(head)
        if length and len(body) < int(length[1]):
            return None
        return Answer(int(head[9:12]), head, body, time.perf_counter() - self.asked)

    def _broken(self, why: str) -> Answer:
        return Answer(0, b"", why.encode(), time.perf_counter() - self.asked)


def _is_closed(connection: socket.socket) -> bool:
    """Tell whether the server has hung up meanwhile, as it does with connections that were idle for long."""
    connection.settimeout(0)
    try:
        return connection.recv(1, socket.MSG_PEEK) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True
    finally:
        connection.settimeout(60)
