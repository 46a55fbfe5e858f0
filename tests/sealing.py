"""The seal of a hub for tests, with keys of its own that go when the tests end."""

import atexit
from pathlib import Path
from tempfile import TemporaryDirectory

from marketplace.passports.keys import KeyRing
from marketplace.passports.seal import Seal

_folder = TemporaryDirectory(prefix="keys")
atexit.register(_folder.cleanup)

SEAL = Seal("https://hub.example", KeyRing(Path(_folder.name)))
