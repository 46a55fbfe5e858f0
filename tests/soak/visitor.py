"""A signed-in person as the server meets one: a cookie, and forms that are sent with their token."""

import re
import secrets
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from tests.soak.crowd import Answer, Crowd, Script
from tests.soak.stage import PASSWORD

_TOKEN = re.compile(rb'name="csrf_token"[^>]*value="([^"]+)"')

_BOUNDARY = "soak-soak-soak-soak"


@dataclass(slots=True)
class Visitor:
    """Somebody with an account; `sign_in` must have been played before anything is posted."""

    email: str
    cookie: str = ""
    token: str = ""

    def sign_in(self) -> Script:
        """Play signing in by the page for it, as everybody must."""
        self._keep((yield self.get("/aanmelden")))
        answer = yield self.post("/aanmelden", email=self.email, password=PASSWORD)
        self._keep(answer)
        assert answer.status in {302, 303}, f"{self.email} cannot sign in: {answer.status} {answer.body[:200]!r}"
        self._keep((yield self.get("/")))

    def get(self, path: str) -> bytes:
        """Return the request for a page."""
        return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {self.cookie}\r\n\r\n".encode()

    def post(self, path: str, **fields: object) -> bytes:
        """Return the request that sends a form, with the token and a key of its own; a key of None leaves that out."""
        sent = {"csrf_token": self.token, "request_key": secrets.token_urlsafe(16)} | fields
        body = urlencode({name: value for name, value in sent.items() if value is not None})
        return self._request(path, "application/x-www-form-urlencoded", body.encode())

    def post_file(self, path: str, name: str, content: bytes, **fields: object) -> bytes:
        """Return the request that sends a form with a photo."""
        fields = {"csrf_token": self.token, "request_key": secrets.token_urlsafe(16)} | fields
        parts = [
            f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
            for key, value in fields.items()
        ]
        head = f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; filename="a.jpg"\r\n\r\n'
        body = b"".join((*parts, head.encode(), content, f"\r\n--{_BOUNDARY}--\r\n".encode()))
        return self._request(path, f"multipart/form-data; boundary={_BOUNDARY}", body)

    def _request(self, path: str, kind: str, body: bytes) -> bytes:
        return (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {self.cookie}\r\n"
            f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
        ).encode() + body

    def _keep(self, answer: Answer) -> None:
        if found := re.search(r"session=[^;]+", answer.header("Set-Cookie")):
            self.cookie = found[0]
        if found := _TOKEN.search(answer.body):
            self.token = found[1].decode()


def signed_in(crowd: Crowd, emails: Sequence[str]) -> list[Visitor]:
    """Sign these people in, each from an address of their own, and return them."""
    visitors = [Visitor(email) for email in emails]
    crowd.run([visitor.sign_in() for visitor in visitors])
    return visitors


def asking(request: bytes, heard: list[Answer]) -> Generator[bytes, Answer, None]:
    """Play one request, and keep its answer."""
    heard.append((yield request))
