"""Processes by name, so that one can tell whether another that began something is still there to end it."""

import os
import secrets
import socket
from typing import Final

_LONGEST_HOST: Final = 80
_begun: dict[int, str] = {}
"""What was drawn for each process, by its number: one that is forked draws its own."""


def own_name() -> str:
    """Return the name of this process: its machine, its number, and what no other process with that number has."""
    number = os.getpid()
    return f"{_machine()} {number} {_begun.setdefault(number, secrets.token_hex(4))}"


def is_gone(name: str) -> bool:
    """Tell whether a process has surely ended; of another machine that cannot be known."""
    try:
        machine, number, drawn = name.rsplit(" ", 2)
        process = int(number)
    except ValueError:
        return False
    if machine != _machine():
        return False
    if process == os.getpid():
        return drawn != own_name().rsplit(" ", 1)[1]  # another process had this number before
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def _machine() -> str:
    return socket.gethostname()[:_LONGEST_HOST]
