"""Checking passports and reporting what is wrong, in several modules; `views` is where the door finds them together."""

from flask import Blueprint

blueprint = Blueprint("verification", __name__)
