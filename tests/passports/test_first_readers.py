"""Many threads that read passports for the first time at the same moment, as after every start of the server."""

import subprocess
import sys

from marketplace.config import ROOT

_READERS = """
import sys, threading
from marketplace.passports import details

sys.setswitchinterval(1e-6)
ready = threading.Barrier(8)

def reader():
    ready.wait()
    for _ in range(5):
        details.from_json('{"donor": {"floor": "1"}, "figures": [], "condition": {"score": 3}}')

threads = [threading.Thread(target=reader) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""


def test_they_all_read_it():
    for _ in range(8):  # without what is made at import, one in two of these ends with a segmentation fault
        assert subprocess.run([sys.executable, "-c", _READERS], cwd=ROOT, check=False).returncode == 0
