"""The area of proposals: what the plan offers a project or a programme, and what its people answer."""

from flask import Blueprint
from werkzeug.wrappers import Response

from marketplace.web.idempotency import Remade

blueprint = Blueprint("board", __name__)

Answer = str | tuple[str, int] | Response | Remade
