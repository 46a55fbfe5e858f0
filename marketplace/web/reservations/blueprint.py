"""The area of reservations."""

from flask import Blueprint
from werkzeug.wrappers import Response

blueprint = Blueprint("reservations", __name__)

Answer = str | Response | tuple[str, int]
