"""A request that carries a key does what it does once; whoever sends it again gets the same answer.

People's forms carry the key in the hidden field `request_key`, programs in the header `Idempotency-Key`. Signing in and
out is left to the library: its answers carry a session, which is for one browser and must not be kept.
"""

import hashlib
import json
import re
import secrets
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from flask import Flask, Response, current_app, g, request
from flask import session as cookie
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse

from marketplace.kit import answers, clock
from marketplace.kit.answers import NOBODY, Answer, KeptAnswer, Sent, SentBeforeError
from marketplace.kit.database import commit, held_commit, session
from marketplace.kit.errors import N_, InvalidInputError
from marketplace.web import errors
from marketplace.web.access import current_actor

HEADER: Final = "Idempotency-Key"
FIELD: Final = "request_key"
REPLAYED: Final = "Idempotent-Replayed"
"""The header of an answer that was given before."""

_WRITES: Final = {"POST", "PUT", "PATCH", "DELETE"}
_KEY: Final = re.compile(rf"[\x21-\x7e]{{1,{answers.LONGEST_KEY}}}")
_NOT_KEPT: Final = {"set-cookie", "content-length"}
_PIECE: Final = 1_000_000
_MESSAGES: Final = "_flashes"
"""Where Flask keeps the messages for the next page."""


def register(app: Flask) -> None:
    """Let templates put a key in every form, and offer to send one that came back changed under its old key."""
    app.add_template_global(key_for, "request_key_for")
    app.register_error_handler(SentBeforeError, _offer_again)


def key_for(form: FlaskForm | None) -> str:
    """Return the key for a form: that with which it was sent, where it comes back with mistakes, or else a new one."""
    sent: str = request.form.get(FIELD, "") if form is not None and form.errors else ""
    return sent or secrets.token_urlsafe(16)


class Remade(Response):
    """Stand for an answer that takes long, or is large: it is made after the commit, when nobody waits for a lock.

    What is kept is `basis`, from which `make` can make it; a view that answers so asks for `kept_basis` first. An
    answer to which nothing was written is not kept, and so has no basis.
    """

    def __init__(self, basis: Sequence[str], make: Callable[[], AnyResponse]) -> None:
        super().__init__()
        self.basis, self.make = basis, make


def kept_basis() -> Sequence[str] | None:
    """Return what the answer to this request is made of where it was done before, or None where it is to be done."""
    basis: Sequence[str] | None = g.get("kept_basis")
    return basis


def answer_once(view: Callable[[], Any]) -> Any:  # noqa: ANN401 (what views return)
    """Answer by the view, and keep its answer where the request carries a key; the second time give what was kept.

    Raises InvalidInputError for what is no key, and SentBeforeError where the key came with another request.
    """
    sent = _sent()
    if sent is None:
        return _made(view())
    messages = list(cookie.get(_MESSAGES, ()))
    try:
        earlier = answers.claim(sent, at=clock.now())
        return _first(sent, view, len(messages)) if earlier is None else _again(earlier, view)
    except Exception:
        if _MESSAGES in cookie:
            cookie[_MESSAGES] = messages  # what was said came to nothing
        raise


def _sent() -> Sent | None:
    if request.method not in _WRITES or request.url_rule is None or request.blueprint == "security":
        return None
    key = request.headers.get(HEADER, "") or request.form.get(FIELD, "")
    if not key:
        return None
    if not _KEY.fullmatch(key):
        message = N_("De sleutel van dit formulier is niet goed. Ga terug, ververs de pagina en verstuur het opnieuw.")
        raise InvalidInputError(message)
    where = f"{request.method} {request.full_path.rstrip('?')}"
    return Sent(current_actor().user_id or NOBODY, key, where, _fingerprint())


def _first(sent: Sent, view: Callable[[], Any], said_before: int) -> Response:
    with held_commit() as held:
        answer: Response = current_app.make_response(view())
    if not held.wanted:
        session.rollback()  # nothing was done, so that the same key may come again with what was corrected
    elif answer.status_code < 400:
        said = [(str(kind), str(text)) for kind, text in cookie.get(_MESSAGES, ())[said_before:]]
        _keep(sent, _to_keep(answer, said))
    else:
        answers.release(sent)
        commit()
    made: Response = _made(answer)
    return made


def _made(result: Any) -> Any:  # noqa: ANN401 (what views return)
    return result.make() if isinstance(result, Remade) else result


def _to_keep(answer: Response, said: Sequence[tuple[str, str]]) -> Answer:
    if isinstance(answer, Remade):
        return Answer(200, (), json.dumps(list(answer.basis)).encode(), said, is_remade=True)
    answer.direct_passthrough = False
    headers = [(name, value) for name, value in answer.headers if name.lower() not in _NOT_KEPT]
    return Answer(answer.status_code, headers, answer.get_data(), said)


def _keep(sent: Sent, answer: Answer) -> None:
    if not answers.keep(sent, answer):
        raise RuntimeError(f"{sent.request} undid its transaction and then committed another one")
    commit()


def _again(earlier: KeptAnswer, view: Callable[[], Any]) -> Response:
    if earlier.is_remade:
        g.kept_basis = json.loads(earlier.body)
        session.rollback()
        answer: Response = current_app.make_response(_made(view()))
        answer.headers[REPLAYED] = "true"
        return answer
    answer = Response(earlier.body, earlier.status, [(name, value) for name, value in earlier.headers])
    answer.headers[REPLAYED] = "true"
    if earlier.said:
        # Whoever pressed twice sees the second answer only, and has not read what came with the first.
        cookie[_MESSAGES] = [*cookie.get(_MESSAGES, ()), *((kind, text) for kind, text in earlier.said)]
    session.rollback()
    return answer


def _offer_again(error: SentBeforeError) -> errors.Page:
    """Show where the first sending led, and what was typed now as a form with a new key.

    Whoever went back in their browser and sent the form changed loses nothing, and does nothing twice unawares.
    """
    has_files = any(upload.filename for upload in request.files.values())
    led_to = error.led_to if re.match(r"/(?![/\\])", error.led_to) else ""
    again = errors.Again(led_to, [] if has_files else list(_fields()))
    return errors.page(409, errors.sentence(error), again=again)


def _fingerprint() -> str:
    """Return the SHA-256 of what was sent, without what differs between two pages with the same form."""
    told = [*sorted(_fields()), *sorted(_files())] if request.form or request.files else [_digest(request.get_data())]
    return _digest(json.dumps(told).encode())


def _fields() -> Iterator[tuple[str, str]]:
    for name, text in request.form.items(multi=True):
        if name != FIELD and not name.endswith("csrf_token"):
            yield name, text


def _files() -> Iterator[tuple[str, str, str]]:
    for name, upload in request.files.items(multi=True):
        upload.seek(0)
        digest = hashlib.sha256()
        while piece := upload.read(_PIECE):
            digest.update(piece)
        upload.seek(0)
        yield name, upload.filename or "", digest.hexdigest()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
