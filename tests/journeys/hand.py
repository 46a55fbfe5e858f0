"""How long a person would take: the keystroke-level model, counted while a journey is walked.

Card, Moran and Newell, "The keystroke-level model for user performance time with interactive systems" (1980): 1.1 s to
point at something, 0.28 s a key for somebody who does not type for a living, 1.35 s to think before each step.
"""

from dataclasses import dataclass

from playwright.sync_api import Locator

_POINT, _KEY, _THINK = 1.1, 0.28, 1.35


@dataclass(slots=True)
class Hand:
    """Taps and types, and counts."""

    taps: int = 0
    keys: int = 0

    def tap(self, target: Locator) -> None:
        """Tap on something."""
        self.taps += 1
        target.click()

    def type(self, target: Locator, text: str) -> None:
        """Tap on a field and type in it, key by key."""
        self.tap(target)
        self.keys += len(text)
        target.press_sequentially(text)

    def photograph(self, target: Locator, photo: bytes) -> None:
        """Tap on the field, on the shutter and on 'use this photo'."""
        self.taps += 3
        target.set_input_files({"name": "IMG_0412.jpg", "mimeType": "image/jpeg", "buffer": photo})

    @property
    def seconds(self) -> float:
        """Return how long this took a person, without waiting for the site."""
        return self.taps * (_POINT + _THINK) + self.keys * _KEY
