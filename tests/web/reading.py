"""Reading pages and sending forms as a browser does."""

from html.parser import HTMLParser

from marketplace.kit.database import session


class _Form(HTMLParser):
    """Collect what the fields of a page would send."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: dict[str, str] = {}
        self.select = ""
        self.area = ""

    def handle_starttag(self, tag, attrs):
        had = dict(attrs)
        if tag == "select":
            self.select = had["name"]
        elif tag == "textarea":
            self.area = had["name"]
            self.sent[self.area] = ""
        elif tag == "option" and (self.select not in self.sent or "selected" in had):
            self.sent[self.select] = had["value"]
        elif tag == "input" and had.get("name") and self._is_sent(had):
            self.sent[had["name"]] = had.get("value", "")

    @staticmethod
    def _is_sent(had):
        kind = had.get("type", "text")
        return kind != "file" and (kind not in {"radio", "checkbox"} or "checked" in had)

    def handle_data(self, data):
        if self.area:
            self.sent[self.area] += data.strip()

    def handle_endtag(self, tag):
        self.area = "" if tag == "textarea" else self.area


def sent_back(page: str) -> dict[str, str]:
    """Return what a browser would send of the form of a page that nobody touched."""
    form = _Form()
    form.feed(page.split("<main", 1)[1])
    return form.sent


def get(client, path):
    """Return the page as a request of its own finds it."""
    session.rollback()
    return client.get(path)


def post(client, path, **fields):
    """Return the answer to a form."""
    session.rollback()
    answer = client.post(path, data=fields)
    session.rollback()  # as at the end of a request: what was not committed is lost
    return answer
