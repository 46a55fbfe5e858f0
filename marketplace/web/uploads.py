"""Where the files that people sent are kept."""

from pathlib import Path

from flask import current_app

from marketplace.config import Settings


def uploads_path() -> Path:
    """Return the folder in which photos and documents are kept."""
    settings: Settings = current_app.config["SETTINGS"]
    return settings.uploads_path
