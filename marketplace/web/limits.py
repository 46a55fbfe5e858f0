"""How often one address may do what anyone may do without signing in."""

from flask import abort, current_app, request
from limits import RateLimitItem


def count(item: RateLimitItem) -> None:
    """Count one more of something for the address that asks, and answer 429 where it is one too many."""
    (limiter,) = current_app.extensions["limiter"]
    if current_app.config["RATELIMIT_ENABLED"] and not limiter.limiter.hit(item, request.remote_addr):
        abort(429)
