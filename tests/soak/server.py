"""The real server in a process group of its own, that can be ended as a power cut would."""

import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import Self
from urllib.request import urlopen

from marketplace.config import ROOT
from tests.soak.stage import Stage

_PATIENCE = 60  # seconds
_COMPLAINT = re.compile(r"Traceback|Fatal Python error|SIGSEGV")


class Server:
    """`python -m marketplace` on a free port; with `without`, the same with that guard taken away."""

    def __init__(self, stage: Stage, *, without: str = "") -> None:
        self.port = _free_port()
        self.log = stage.folder / "server.log"
        self.command = [sys.executable, "-m", *(["tests.soak.unguarded", without] if without else ["marketplace"])]
        kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "PUBLIC_URL"}}
        self.environment = (
            kept | stage.environment | {"PYTHONFAULTHANDLER": "1", "HOST": "127.0.0.1", "PORT": str(self.port)}
        )
        self.process: subprocess.Popen

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self.stop()
        if kind:
            print(self.log.read_text(encoding="utf-8", errors="replace")[-4000:], file=sys.stderr)

    def start(self) -> float:
        """Start it, and return after how many seconds it answered."""
        began = time.perf_counter()
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        while not self._answers():
            if self.process.poll() is not None or time.perf_counter() - began > _PATIENCE:
                raise TimeoutError(f"The site did not start:\n{self.log.read_text(encoding='utf-8')[-4000:]}")
            time.sleep(0.02)
        return time.perf_counter() - began

    def stop(self) -> None:
        """End it as an operator would, and as a power cut where that does not help."""
        if self.process.poll() is None:
            self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(20)
        self.kill()

    def kill(self) -> None:
        """End the server and whatever it started at once."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(20)

    def kill_worker(self, chance: random.Random) -> None:
        """End one process below the server at once; another is started for it."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text(encoding="ascii")
        os.kill(int(chance.choice(children.split())), signal.SIGKILL)

    @property
    def complaints(self) -> str:
        """Return what it wrote of errors, from the first on."""
        log = self.log.read_text(encoding="utf-8", errors="replace")
        found = _COMPLAINT.search(log)
        return log[found.start() :] if found else ""

    def _answers(self) -> bool:
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5):
                return True
        except OSError:
            return False


def _free_port() -> int:
    with closing(socket.socket()) as asked:
        asked.bind(("127.0.0.1", 0))
        port: int = asked.getsockname()[1]
        return port
