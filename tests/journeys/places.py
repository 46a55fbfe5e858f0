"""The pages that every check of looks and access visits, each as the person for whom it is there."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

from tests.journeys.site import Site

_SLABS = (
    " FROM listing l JOIN passport p ON p.id = l.passport_id JOIN organisation o ON o.id = l.organisation_id"
    " WHERE o.slug = 'bork-groep' AND p.category = 'hollowcore_slab' AND l.stage = 'in_stock' ORDER BY l.id"
)
_ASKED = (
    " FROM reservation r JOIN listing l ON l.id = r.listing_id"
    " JOIN membership m ON m.organisation_id = l.organisation_id"
    " JOIN user_account u ON u.id = m.user_id WHERE u.email LIKE 'sloper@%'"
)
_PLACES = {
    "listing": "SELECT reference FROM listing WHERE status = 'published' AND stage = 'in_stock' AND available > 1"
    " AND organisation_id != (SELECT id FROM organisation WHERE slug = 'bork-groep') ORDER BY id",
    "expected": "SELECT reference FROM listing WHERE status = 'published' AND stage = 'expected' ORDER BY id",
    "passport": "SELECT p.code FROM passport p JOIN listing l ON l.passport_id = p.id"
    " WHERE l.status = 'published' AND p.status = 'published' ORDER BY l.id",
    "project": "SELECT slug FROM project WHERE kind = 'construction' ORDER BY id",
    "own_project": "SELECT p.slug FROM project p JOIN membership m ON m.organisation_id = p.organisation_id"
    " JOIN user_account u ON u.id = m.user_id WHERE p.kind = 'construction' AND u.email LIKE 'bouwer@%' ORDER BY p.id",
    "programme": "SELECT slug FROM programme ORDER BY id",
    "demolition": "SELECT slug FROM project WHERE kind = 'demolition' ORDER BY id",
    "own_demolition": "SELECT p.slug FROM project p JOIN organisation o ON o.id = p.organisation_id"
    " WHERE o.slug = 'bork-groep' AND p.kind = 'demolition' AND p.building_type IS NOT NULL ORDER BY p.id",
    "estimated": "SELECT reference FROM listing WHERE estimate_low IS NOT NULL ORDER BY id",
    "need": "SELECT reference FROM need ORDER BY id",
    "own_need": "SELECT n.reference FROM need n JOIN project p ON p.id = n.project_id"
    " JOIN membership m ON m.organisation_id = p.organisation_id JOIN user_account u ON u.id = m.user_id"
    " WHERE u.email LIKE 'bouwer@%' ORDER BY n.id",
    "planned": "SELECT p.slug FROM proposal pp JOIN need n ON n.id = pp.need_id JOIN project p ON p.id = n.project_id"
    " JOIN membership m ON m.organisation_id = p.organisation_id JOIN user_account u ON u.id = m.user_id"
    " WHERE u.email LIKE 'bouwer@%' GROUP BY p.slug ORDER BY count(*) DESC, p.slug",
    "proposed": "SELECT n.reference || '/voorstellen/' || l.reference FROM proposal pp JOIN need n ON n.id = pp.need_id"
    " JOIN listing l ON l.id = pp.listing_id JOIN project p ON p.id = n.project_id"
    " JOIN membership m ON m.organisation_id = p.organisation_id JOIN user_account u ON u.id = m.user_id"
    " WHERE u.email LIKE 'bouwer@%' ORDER BY pp.id",
    "own_organisation": "SELECT o.slug FROM organisation o JOIN membership m ON m.organisation_id = o.id"
    " JOIN user_account u ON u.id = m.user_id WHERE u.email LIKE 'bouwer@%' ORDER BY o.id",
    "hub": "SELECT slug FROM hub ORDER BY id",
    "organisation": "SELECT slug FROM organisation ORDER BY id",
    "reservation": "SELECT r.reference FROM reservation r JOIN membership m ON m.organisation_id = r.organisation_id"
    " JOIN user_account u ON u.id = m.user_id WHERE u.email LIKE 'bouwer@%' ORDER BY r.id",
    "to_fetch": "SELECT r.reference FROM reservation r JOIN membership m ON m.organisation_id = r.organisation_id"
    " JOIN user_account u ON u.id = m.user_id JOIN listing l ON l.id = r.listing_id"
    " WHERE u.email LIKE 'bouwer@%' AND r.state = 'confirmed' AND l.stage = 'in_stock' ORDER BY r.id",
    "to_harvest": "SELECT l.reference FROM listing l JOIN organisation o ON o.id = l.organisation_id"
    " WHERE o.slug = 'bork-groep' AND l.status = 'published' AND l.stage = 'expected' ORDER BY l.held DESC, l.id",
    "basket": "SELECT reference FROM basket ORDER BY id",
    "filled": "SELECT n.reference FROM need n JOIN basket b ON b.need_id = n.id ORDER BY b.id",
    "doors": "SELECT reference FROM need WHERE category = 'door_interior' AND title LIKE '210 %'",
    "question": "SELECT r.reference" + _ASKED + " AND r.state = 'requested' ORDER BY r.id",
    "held": "SELECT l.reference" + _ASKED + " AND r.held > 0 ORDER BY r.id",
    "harvest": "SELECT substr(l.available_from, 1, 7)"
    + _ASKED
    + " AND l.stage = 'expected' AND r.held > 0 ORDER BY r.id",
    "work": "SELECT p.code FROM passport p JOIN membership m ON m.organisation_id = p.owner_id"
    " JOIN user_account u ON u.id = m.user_id WHERE p.granularity = 'work' AND u.email LIKE 'provincie@%'",
    "slab": "SELECT l.reference" + _SLABS,
    "slab_passport": "SELECT p.code" + _SLABS,
    # Of which the steps are known: it has arrived, and nothing of it is promised to anybody.
    "own": "SELECT p.code FROM passport p JOIN listing l ON l.passport_id = p.id"
    " JOIN organisation o ON o.id = l.organisation_id WHERE o.slug = 'bork-groep' AND l.status = 'published'"
    " AND l.stage = 'in_stock' AND l.available = l.total ORDER BY l.id",
}

_CIRCLE = "/organisaties/woonservice/kringen/drentse-woningcorporaties"


def fill(site: Site, path: str) -> str:
    """Return the path with what stands in braces replaced by a thing of the demo."""
    for name, question in _PLACES.items():
        if f"{{{name}}}" in path:
            path = path.replace(f"{{{name}}}", str(site.ask(question)[0]))
    return path


@dataclass(frozen=True, slots=True)
class Place:
    """A page: what it is called here, its path, who looks at it, what is done first, and what it answers."""

    name: str
    path: str
    who: str = ""
    status: int = 200
    act: Callable[[Page], object] | None = None

    def __str__(self) -> str:
        return self.name

    def open(self, page: Page, site: Site) -> None:
        """Go there and check that this page is what answers."""
        answer = page.goto(fill(site, self.path))
        assert answer
        assert answer.status == self.status
        if self.act:
            self.act(page)


def send_empty(page: Page) -> None:
    """Send the form of the page as it is, so that it says what is missing."""
    page.locator("main form button[type=submit]").last.click()
    page.locator(".error-summary").wait_for()


def ask_for_too_much(page: Page) -> None:
    """Ask for a piece more than is available, so that both ways out are offered."""
    available = re.search(r"\d[\d.,]*", page.locator("#quantity-hint").inner_text())
    assert available
    page.fill("#quantity", str(int(re.sub(r"\D", "", available[0])) + 1))
    page.locator("main form button[type=submit]").last.click()
    page.locator(".error-summary").wait_for()


def send_emptied(page: Page) -> None:
    """Take out the amounts that the form proposes, and send it."""
    for field in page.locator("main form input[inputmode=decimal]:visible").all():
        field.fill("")
    send_empty(page)


def paste_mistakes(page: Page) -> None:
    """Paste a list in which one row is clear, one may mean several kinds, and one is none of all that is asked."""
    page.fill(
        "#text", "Materiaal;Aantal;Lengte;Prijs van nieuw\nkanaalplaat;9;5300-5600;95\ndeur;9;;95\nqqq;veel;lang;"
    )
    send_empty(page)


def see_outcome(page: Page) -> None:
    """Ask what a form would do, before it is agreed to."""
    page.locator("main form button[type=submit]").last.click()
    page.locator("#outcome").wait_for()


PLACES = (
    Place("home", "/"),
    Place("about", "/over"),
    Place("catalogue", "/aanbod"),
    Place("catalogue as a table", "/aanbod?weergave=tabel"),
    Place("catalogue as a map", "/aanbod?weergave=kaart"),
    Place("nothing found", "/aanbod?q=boomklomp"),
    Place("listing", "/aanbod/{listing}", "bouwer"),
    Place("expected listing", "/aanbod/{expected}"),
    Place("reserving", "/aanbod/{listing}/reserveren", "bouwer"),
    Place("own listings", "/aanbod/mijn", "sloper"),
    Place("counting a harvest", "/aanbod/{to_harvest}/oogst", "sloper"),
    Place("counting a harvest with errors", "/aanbod/{to_harvest}/oogst", "sloper", act=send_emptied),
    Place("what a harvest would give", "/aanbod/{to_harvest}/oogst", "sloper", act=see_outcome),
    Place("posting", "/aanbieden", "sloper"),
    Place("posting with errors", "/aanbieden", "sloper", act=send_empty),
    Place("passport", "/paspoort/{passport}"),
    Place("passports in hand", "/paspoorten/in-bezit", "sloper"),
    Place("checking", "/controleren"),
    Place("checked", "/controleren?code={passport}"),
    Place("checked code that is none", "/controleren?code=7KQ9", status=422),
    Place("reporting", "/paspoort/{passport}/melden"),
    Place("reporting with errors", "/paspoort/{passport}/melden", act=send_empty),
    Place("label", "/paspoort/{own}/label", "sloper"),
    Place("completing a passport", "/paspoort/{own}/bewerken", "sloper"),
    Place("composition of a passport", "/paspoort/{own}/bewerken?stap=samenstelling", "sloper"),
    Place("hazards of a passport", "/paspoort/{own}/bewerken?stap=gevaarlijke-stoffen", "sloper"),
    Place("proof of a passport", "/paspoort/{own}/bewerken?stap=bewijs", "sloper"),
    Place("layers of a work", "/paspoort/{work}/bewerken?stap=opbouw", "provincie"),
    Place("scan", "/scan"),
    Place("steps", "/scan/{own}", "terrein"),
    Place("projects", "/projecten"),
    Place("project", "/projecten/{project}", "bouwer"),
    Place("demolition", "/projecten/{demolition}"),
    Place("new project", "/projecten/nieuw", "bouwer"),
    Place("adding a harvest", "/projecten/{own_demolition}/oogst", "sloper"),
    Place("estimating a harvest", "/projecten/{own_demolition}/oogst/schatten", "sloper"),
    Place("estimating with errors", "/projecten/{own_demolition}/oogst/schatten", "sloper", act=send_emptied),
    Place("an estimate on offer", "/aanbod/{estimated}"),
    Place("programme", "/programmas/{programme}", "bouwer"),
    Place("own projects in a programme", "/programmas/{programme}/wijzigen", "bouwer"),
    Place("pasted needs with mistakes", "/projecten/{own_project}/behoeften/plakken", "bouwer", act=paste_mistakes),
    Place("looking for something like a listing", "/aanbod/{listing}/zoiets", "bouwer"),
    Place("needs", "/behoeften"),
    Place("need", "/behoeften/{need}", "bouwer"),
    Place("demand for a harvest", "/projecten/volta-hoogeveen/vraag", "sloper"),
    Place("allowing a near miss", "/behoeften/{own_need}/wijzigen?length_min=5200&length_max=5600", "bouwer"),
    Place("proposals for a project", "/projecten/{planned}/voorstellen", "bouwer"),
    Place("proposals for a programme", "/programmas/drenthe-woont-circulair/voorstellen"),
    Place("accepting proposals", "/projecten/{planned}/voorstellen/reserveren", "bouwer"),
    Place("dismissing with errors", "/behoeften/{proposed}/afwijzen", "bouwer", act=send_empty),
    Place("rates", "/organisaties/{own_organisation}/rekenwaarden", "bouwer"),
    Place("reuse of a client", "/organisaties/provincie-drenthe/hergebruik", "provincie"),
    Place("programme", "/programmas/drenthe-woont-circulair"),
    Place("hubs", "/hubs"),
    Place("hub", "/hubs/{hub}"),
    Place("queue", "/aanbod/{listing}/wachtrij", "bouwer"),
    Place("reserving more than there is", "/aanbod/{listing}/reserveren", "bouwer", act=ask_for_too_much),
    Place("reservations", "/reserveringen", "bouwer"),
    Place("desk", "/balie", "sloper"),
    Place("desk with nothing on it", "/balie", "corporatie"),
    Place("agenda", "/agenda", "bouwer"),
    Place("agenda of harvests", "/agenda?maand={harvest}", "sloper"),
    Place("reservation", "/reserveringen/{reservation}", "bouwer"),
    Place("agreeing when to fetch", "/reserveringen/{to_fetch}/afspraak", "bouwer"),
    Place("agreeing when to fetch with errors", "/reserveringen/{to_fetch}/afspraak", "bouwer", act=send_empty),
    Place("handing over", "/reserveringen/{to_fetch}/overdragen", "bouwer"),
    Place("handing over with errors", "/reserveringen/{to_fetch}/overdragen", "bouwer", act=send_emptied),
    Place("basket", "/mandjes/{basket}", "bouwer"),
    Place("filling a need", "/behoeften/{filled}/vullen", "bouwer"),
    Place("question for the owner", "/reserveringen/{question}", "sloper"),
    Place("own listing with who holds it", "/aanbod/{held}", "sloper"),
    Place("organisation", "/organisaties/{organisation}"),
    Place("rules for reserving", "/organisaties/woonservice/regels", "corporatie"),
    Place("circles", "/organisaties/woonservice/kringen", "corporatie"),
    Place("inviting with errors", f"{_CIRCLE}/uitnodigen", "corporatie", act=send_empty),
    Place("putting out with errors", f"{_CIRCLE}/actium/uitzetten", "corporatie", act=send_empty),
    Place("account", "/account", "bouwer"),
    Place("sign in", "/aanmelden"),
    Place("register", "/registreren"),
    Place("not found", "/bestaat-niet", status=404),
)
