"""Settings: sensible without any, and a bad one is refused with a sentence that names it."""

import stat

import pytest

from marketplace.config import SettingError, Settings, secret


def test_nothing_need_be_set():
    settings = Settings.from_environment({})
    assert (settings.host, settings.port, settings.demo) == ("127.0.0.1", 8000, True)
    assert settings.database_url.startswith("sqlite:///")
    assert settings.database_url.endswith("instance/marketplace.sqlite")


def test_an_empty_setting_is_one_that_was_not_set():
    empty = Settings.from_environment(dict.fromkeys(("HOST", "PORT", "DEMO", "DATABASE_URL", "MAIL_URL"), ""))
    assert empty == Settings.from_environment({})


def test_the_database_lies_in_the_instance_folder(tmp_path):
    settings = Settings.from_environment({"INSTANCE_PATH": str(tmp_path)})
    assert settings.database_url == f"sqlite:///{tmp_path / 'marketplace.sqlite'}"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgresql_is_spoken_to_with_psycopg(scheme):
    settings = Settings.from_environment({"DATABASE_URL": f"{scheme}://me@db/hub"})
    assert settings.database_url == "postgresql+psycopg://me@db/hub"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "acht"),
        ("DEMO", "ja"),
        ("WORKER", "nee"),
        ("DATABASE_URL", "mysql://db/hub"),
        ("DATABASE_URL", "postgresql:"),
        ("PUBLIC_URL", "hub.example"),
        ("GS1_PREFIX", "952"),
        ("GS1_PREFIX", "8712345678"),
        ("GS1_PREFIX", "871234A"),
        ("GS1_PREFIX", "٨٧١٢٣٤٥"),
        ("PUBLIC_URL", "ftp://hub.example"),
        ("PUBLIC_URL", "https://hub.example/app"),
        ("MAIL_URL", "pigeon:"),
        ("MAIL_URL", "smtp://"),
        ("INSTANCE_PATH", __file__),
        ("UPLOADS_PATH", "/proc/uploads"),
    ],
)
def test_a_bad_setting_is_named(name, value):
    with pytest.raises(SettingError, match=name):
        Settings.from_environment({name: value})


def test_a_secret_is_made_once_and_kept_from_others(tmp_path):
    first = secret(tmp_path, "secret_key")
    assert secret(tmp_path, "secret_key") == first
    assert len(first) >= 64
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_cookies_demand_tls_where_there_is_tls():
    assert Settings.from_environment({"PUBLIC_URL": "https://hub.example/"}).https
    assert not Settings.from_environment({}).https


def test_a_prefix_for_examples_belongs_to_the_example():
    assert Settings.from_environment({"GS1_PREFIX": "9521234"}).gs1_prefix == "9521234"
    assert Settings.from_environment({"GS1_PREFIX": "8712345", "DEMO": "0"}).gs1_prefix == "8712345"
    with pytest.raises(SettingError, match="952"):
        Settings.from_environment({"GS1_PREFIX": "9521234", "DEMO": "0"})
