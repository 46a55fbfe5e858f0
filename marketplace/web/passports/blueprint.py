"""The pages of a passport, in several modules; `views` is where the door finds them together."""

from flask import Blueprint

blueprint = Blueprint("passports", __name__)
