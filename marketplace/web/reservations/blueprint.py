"""The area of reservations."""

from flask import Blueprint

blueprint = Blueprint("reservations", __name__)
