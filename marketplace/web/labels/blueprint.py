"""The area where labels are printed, claimed and replaced: /labels."""

from flask import Blueprint

blueprint = Blueprint("label_desk", __name__, url_prefix="/labels")
