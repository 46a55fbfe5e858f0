import pytest

from marketplace.web.paths import own_path


@pytest.mark.parametrize(
    "path", ["/", "/aanbod?categorie=door_interior&q=eiken%20deur", "/ID/ABCD#feiten", "/a//b", "/?q=\u00e9"]
)
def test_a_page_of_our_own_is_kept(path):
    assert own_path(path) == path


@pytest.mark.parametrize(
    "elsewhere",
    [
        None,
        "",
        "aanbod",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/%5cevil.example",
        "/%5Cevil.example",
        "/%2fevil.example",
        "/%2Fevil.example",
        "https://evil.example",
        "https:/evil.example",
        "http:evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/\n/evil.example",
        "/%09/evil.example",
        " //evil.example",
        "/\u202e//evil.example",
        "//[evil",
    ],
)
def test_anywhere_else_is_refused(elsewhere):
    assert own_path(elsewhere) is None
