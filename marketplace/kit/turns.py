"""Turns to write, for the threads and processes that share one SQLite file.

SQLite lets one write at a time, and whoever finds it busy sleeps, longer each time, and may be overtaken for ever. Who
has the turn finds it free. The turn is a courtesy: the lock of the database itself is what keeps writes apart.
"""

import fcntl
import os
import threading
import time
from typing import Final

PATIENCE: Final = 5.0
"""Seconds to wait for a turn; who has waited so long asks the database itself, which says whether it is busy."""
_PAUSE: Final = 0.001
_of_this_process: Final[dict[str, threading.Lock]] = {}


class Turn:
    """A turn to write to the database at `path`: made when it has come, or when waiting for it is in vain.

    One thread of each process waits for the other processes, and the rest for that thread. Who is next keeps a second
    lock while it waits, so that whoever has just written cannot be first again.
    """

    def __init__(self, path: str) -> None:
        until = time.monotonic() + PATIENCE
        self.is_ours = False
        self._files: list[int] = []
        self._threads = _of_this_process.setdefault(path, threading.Lock())
        self._leads = self._threads.acquire(timeout=PATIENCE)
        if self._leads:
            try:
                self.is_ours = self._wait(f"{path}-next", f"{path}-turn", until)
            except OSError:  # a full disk, or a folder that cannot be written
                self._close()

    def end(self) -> None:
        """Let the next one write."""
        self._close()
        if self._leads:
            self._leads = False
            self._threads.release()

    def _wait(self, next_path: str, turn_path: str, until: float) -> bool:
        is_next, has_turn = self._open(next_path), self._open(turn_path)
        if not (_locked(is_next, until) and _locked(has_turn, until)):
            self._close()
            return False
        fcntl.flock(is_next, fcntl.LOCK_UN)
        return True

    def _open(self, path: str) -> int:
        # Opened anew for each turn: a lock belongs to the opening, and workers would share that of their parent.
        self._files.append(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        return self._files[-1]

    def _close(self) -> None:
        self.is_ours = False
        while self._files:
            os.close(self._files.pop())


def _locked(file: int, until: float) -> bool:
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                return False
            time.sleep(_PAUSE)
        else:
            return True
