"""The area of what projects look for: /behoeften."""

from flask import Blueprint

blueprint = Blueprint("needs", __name__)
