"""The seal with which the pages publish."""

from flask import current_app

from marketplace.passports.seal import Seal


def hub_seal() -> Seal:
    """Return the seal of this hub."""
    seal: Seal = current_app.config["SEAL"]
    return seal
