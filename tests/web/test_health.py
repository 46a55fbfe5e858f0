import shutil
from types import SimpleNamespace

from sqlalchemy.exc import OperationalError

from marketplace.kit.database import session


def test_a_living_program_says_so(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_a_program_that_can_do_its_work_is_ready(client):
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json["checks"] == {"database": "ok", "instance": "ok", "uploads": "ok"}


def test_a_full_disk_is_told(client, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=200_000_000))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json["checks"] == {"database": "ok", "instance": "failing", "uploads": "failing"}


def test_a_database_that_refuses_to_write_is_told(client, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise OperationalError("UPDATE", {}, Exception("attempt to write a readonly database"))

    monkeypatch.setattr(session.registry(), "execute", refuse)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json["checks"]["database"] == "failing"
