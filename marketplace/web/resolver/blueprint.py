"""The resolver: the addresses on labels and what machines read behind them; `views` is where the door finds it whole.

Everything here is the same for everyone, read only and without cookies, so that a reader in a browser may come from
any other site.
"""

from flask import Blueprint
from werkzeug.wrappers import Response

blueprint = Blueprint("resolver", __name__)


@blueprint.after_request
def _for_every_site(answer: Response) -> Response:
    answer.access_control_allow_origin = "*"
    answer.headers["Access-Control-Allow-Headers"] = "Accept, Accept-Language"
    answer.headers["Access-Control-Expose-Headers"] = "Link, ETag"
    answer.headers.setdefault("Cache-Control", "no-cache")
    answer.vary.update(("Accept", "Accept-Language"))
    return answer
