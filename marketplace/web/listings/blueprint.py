"""The area of what is on offer: /aanbod and /aanbieden."""

from flask import Blueprint

blueprint = Blueprint("listings", __name__)
