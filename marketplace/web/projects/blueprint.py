"""The area of planned work: /projecten and /programmas."""

from flask import Blueprint

blueprint = Blueprint("projects", __name__)
