"""Offering material through the pages: one form, photos, drafts, and what strangers may not."""

import errno
import io
import re
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select

from marketplace.kit import journal
from marketplace.kit.database import session
from marketplace.kit.files import write_durably
from marketplace.listings.models import Listing, ListingStatus
from marketplace.passports import photos
from marketplace.passports.gate import HazardStatus
from marketplace.passports.models import PassportStatus
from marketplace.passports.queries import findings_of, photos_of
from marketplace.projects.models import ProjectKind
from tests.conftest import one_database
from tests.factories import make_hub, make_member, make_organisation, make_passport, make_project, sign_in, sign_out
from tests.listings.offering import post
from tests.web.reading import sent_back

IMAGES = Path(__file__).parents[3] / "shared" / "data" / "images"


@pytest.fixture
def owner(client):
    return make_organisation()


@pytest.fixture
def trader(client, owner):
    """A client that is signed in as a trader of `owner`."""
    return sign_in(client, make_member(owner))


def filled(owner, **more):
    values = {
        "organisation": owner.id,
        "category_text": "binnendeur",
        "quantity": "12",
        "grade": "B",
        "price_eur": "17,50",
        "stage": "in_stock",
        "site": "own",
        "available_from": "2026-03-02",
        "building_year": "2020",
        "origin": "School De Vlonder",
        "publish": "1",
    }
    return {name: value for name, value in (values | more).items() if value is not None}


def jpeg(width=640, height=480, **more) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "red").save(out, "JPEG", **more)
    return out.getvalue()


def only_listing() -> Listing:
    listing = session.scalars(select(Listing)).one()
    session.refresh(listing, ["passport"])
    return listing


def text_of(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.text).split())


def test_the_page_asks_people_to_sign_in_first(client):
    assert client.get("/aanbieden").location.startswith("/aanmelden")


def test_posting_makes_an_offer_and_its_passport_in_one_act(trader, owner):
    answer = trader.post("/aanbieden", data=filled(owner, length_mm="2.115", width_mm="93 cm"))
    listing = only_listing()
    assert (answer.status_code, answer.location) == (303, f"/aanbod/{listing.reference}")
    assert (listing.status, listing.available, listing.price_eur) == (ListingStatus.PUBLISHED, 12, 17.5)
    passport = listing.passport
    assert (passport.status, passport.category, passport.name) == (
        PassportStatus.PUBLISHED,
        "door_interior",
        "Binnendeur 2115 × 930 mm",
    )
    assert passport.mass_is_estimate
    assert (listing.place, listing.organisation_id) == (owner.place, owner.id)


def test_a_form_sent_twice_makes_one_offer(trader, owner):
    key = re.search(r'name="request_key"[^>]*value="([^"]+)"', trader.get("/aanbieden").text)[1]
    first = trader.post("/aanbieden", data=filled(owner, request_key=key))
    assert trader.post("/aanbieden", data=filled(owner, request_key=key)).location == first.location
    assert only_listing()


@one_database
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"category_text": "boomklomp"}, "Niets gevonden voor “boomklomp”"),
        ({"category_text": ""}, "Vul in wat het is"),
        ({"quantity": ""}, "Vul in hoeveel u aanbiedt."),
        ({"quantity": "1,5"}, "Een aantal stuks is een heel getal."),
        ({"quantity": "twaalf"}, "“twaalf” is geen getal."),
        ({"quantity": "0"}, "Vul een hoeveelheid groter dan nul in."),
        ({"price_eur": ""}, "Vul een prijs in, of kies gratis."),
        ({"price_eur": "1,234"}, "ten hoogste 2 cijfers achter de komma"),
        ({"grade": None}, "Kies in welke staat het is."),
        ({"length_mm": "2,1"}, "Vul hele millimeters in"),
        ({"building_year": "19788"}, "Vul een heel getal in"),
        ({"available_from": "31-2-2027"}, "Vul een dag in als dag-maand-jaar"),
        ({"available_until": "2026-03-01"}, "De laatste dag ligt voor de eerste dag"),
        ({"site": "elsewhere"}, "Vul in in welke plaats het ligt."),
        ({"site": "elsewhere", "place": "Hoogevee"}, "Bedoelt u Hoogeveen?"),
        ({"site": "project"}, "Kies het project waar het ligt."),
        ({"min_take": "13"}, "De kleinste afname is groter dan de partij zelf."),
        ({"hazard_asbestos": "absent_tested"}, "Vul het nummer van het onderzoeksrapport in"),
        ({"hazard_asbestos": "present"}, "Hierin is asbest aangetroffen"),
        ({"category_text": "teerasfalt", "quantity": "12"}, "Dit materiaal mag niet worden aangeboden."),
    ],
)
def test_a_mistake_is_told_at_its_field_and_nothing_typed_is_lost(trader, owner, changes, sentence):
    answer = trader.post("/aanbieden", data=filled(owner, description="Uit de school", **changes))
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert "Uit de school" in answer.text
    assert session.scalars(select(Listing)).all() == []


def test_a_word_for_several_kinds_offers_them_to_choose_from(trader, owner):
    answer = trader.post("/aanbieden", data=filled(owner, category_text="deur"))
    assert answer.status_code == 422
    offered = re.findall(r'name="category" value="(\w+)"', answer.text)
    assert {"door_interior", "door_exterior", "door_fire"} <= set(offered)
    trader.post("/aanbieden", data=filled(owner, category_text="deur", category="door_exterior"))
    assert only_listing().passport.category == "door_exterior"


def test_a_choice_does_not_outlive_the_word_it_was_made_for(trader, owner):
    trader.post("/aanbieden", data=filled(owner, category_text="kanaalplaat", category="door_exterior", unit="m2"))
    assert only_listing().passport.category == "hollowcore_slab"


def test_typing_brings_kinds_to_choose_from_and_sizes_that_are_named_as_the_trade_does(client):
    several = client.get("/categorieen?q=deur").text
    assert 'value="door_fire"' in several
    assert "checked" not in several
    one = client.get("/categorieen?category_text=binnendeur").text
    assert 'value="door_interior" checked' in one
    assert "Hoogte" in one
    assert "Niets gevonden voor “boomklomp”" in text_of(client.get("/categorieen?q=boomklomp"))


def test_a_draft_is_kept_to_its_makers_until_it_is_published(trader, owner):
    trader.post("/aanbieden", data=filled(owner, publish="0"))
    listing = only_listing()
    assert (listing.status, listing.passport.status) == (ListingStatus.DRAFT, PassportStatus.DRAFT)
    assert trader.post(f"/aanbod/{listing.reference}/publiceren").status_code == 303
    assert only_listing().status is ListingStatus.PUBLISHED


def test_a_draft_that_lacks_something_leads_to_the_field_where_it_is_filled_in(trader, owner):
    trader.post("/aanbieden", data=filled(owner, publish="0", building_year="", origin="", origin_unknown=""))
    listing = only_listing()
    answer = trader.post(f"/aanbod/{listing.reference}/publiceren", follow_redirects=True)
    assert answer.request.path == f"/paspoort/{listing.passport.code}/bewerken"
    assert "Nog niet te publiceren" in answer.text
    assert only_listing().status is ListingStatus.DRAFT


def test_what_is_held_by_nobody_can_be_taken_back(trader, owner):
    trader.post("/aanbieden", data=filled(owner))
    assert trader.post(f"/aanbod/{only_listing().reference}/intrekken").status_code == 303
    assert only_listing().status is ListingStatus.WITHDRAWN


def test_a_change_is_told_with_the_old_and_the_new_value(trader, owner):
    trader.post("/aanbieden", data=filled(owner))
    listing = only_listing()
    page = trader.get(f"/aanbod/{listing.reference}/wijzigen")
    assert 'value="17,50"' in page.text
    sent = filled(owner, price_eur="12", quantity="10", length_mm="2315", publish="0")
    assert trader.post(f"/aanbod/{listing.reference}/wijzigen", data=sent).status_code == 303
    listing = only_listing()
    assert (listing.total, listing.available, listing.status) == (10, 10, ListingStatus.PUBLISHED)
    told = [entry.told for entry in journal.history(listing.subject) if entry.action == "listing.changed"]
    assert told == [{"price_eur_from": "17.5", "price_eur_to": "12", "total_from": "12", "total_to": "10"}]


def test_only_what_was_not_on_offer_yet_is_said_to_be_posted(trader, owner):
    said = "Geplaatst. Print nu het label."
    assert said in text_of(trader.post("/aanbieden", data=filled(owner), follow_redirects=True))
    address = f"/aanbod/{only_listing().reference}/wijzigen"
    again = text_of(trader.post(address, data=filled(owner, price_eur="12"), follow_redirects=True))
    assert "Bewaard." in again
    assert said not in again


def test_the_edit_page_sent_back_unchanged_changes_nothing(trader, owner):
    hub = make_hub()
    trader.post("/aanbieden", data=filled(owner, site=f"hub:{hub.id}", price_eur=None, free="y"))
    listing = only_listing()
    subjects = (listing.subject, listing.passport.subject)
    before = [entry.action for entry in journal.history(*subjects)]
    address = f"/aanbod/{listing.reference}/wijzigen"
    page = trader.get(address).text
    assert trader.post(address, data=sent_back(page) | {"publish": "0"}).status_code == 303
    assert [entry.action for entry in journal.history(*subjects)] == before


def test_what_another_organisation_offers_cannot_be_touched(trader):
    listing = post(make_organisation())
    session.commit()
    for method, step in (("get", "wijzigen"), ("post", "wijzigen"), ("post", "publiceren"), ("post", "intrekken")):
        assert getattr(trader, method)(f"/aanbod/{listing.reference}/{step}").status_code == 404, step
    session.refresh(listing)
    assert listing.status is ListingStatus.PUBLISHED


def test_a_person_cannot_offer_for_another_organisation(trader, owner):
    answer = trader.post("/aanbieden", data=filled(owner, organisation=make_organisation().id))
    assert answer.status_code == 422


def test_my_offers_are_mine_alone(trader, owner):
    post(make_organisation(), name="Van een ander")
    post(owner, name="Van ons", publish=False)
    page = trader.get("/aanbod/mijn").text
    assert "Van ons" in page
    assert "Van een ander" not in page
    assert sign_out(trader).get("/aanbod/mijn").status_code == 302


def test_the_project_it_comes_from_gives_the_year_and_the_origin(trader, owner):
    project = make_project(owner, at="Beilen", kind="demolition", building_year=1990, name="School Beilen")
    trader.post("/aanbieden", data=filled(owner, project=str(project.id), site="project", building_year="", origin=""))
    listing = only_listing()
    assert (listing.place, listing.passport.origin, listing.passport.building_year) == ("Beilen", "School Beilen", 1990)


# photos


def sent_with(owner, *photos, **more):
    return filled(owner, **more) | {"photos": [(io.BytesIO(photo), f"{n}.jpg") for n, photo in enumerate(photos)]}


def shown(client) -> Image.Image:
    listing = only_listing()
    with client.get(f"/fotos/{photos_of(listing.passport_id)[0].key}/large.jpg") as answer:
        assert answer.status_code == 200
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "immutable" in answer.headers["Cache-Control"]
        return Image.open(io.BytesIO(answer.data))


def test_a_photo_with_a_position_is_shown_without_any_metadata(trader, owner):
    path = IMAGES / "jpg_gps_DSCN0010.jpg"
    if not path.exists():
        pytest.skip("the shared photos are not here")
    content = path.read_bytes()
    assert Image.open(io.BytesIO(content)).getexif().get_ifd(0x8825), "the photo has lost its position"
    trader.post("/aanbieden", data=sent_with(owner, content))
    assert not shown(trader).getexif()


def test_a_photo_taken_sideways_is_shown_upright(trader, owner):
    exif = Image.Exif()
    exif[0x0112] = 6
    trader.post("/aanbieden", data=sent_with(owner, jpeg(400, 300, exif=exif)))
    assert shown(trader).size == (300, 400)


def test_every_photo_is_kept_in_its_order_and_can_be_taken_off(trader, owner):
    trader.post("/aanbieden", data=sent_with(owner, jpeg(400), jpeg(500), jpeg(400)))
    listing = only_listing()
    photos = photos_of(listing.passport_id)
    assert [photo.width for photo in photos] == [400, 500], "the same file twice is one photo"
    first = photos[0].key
    trader.post(f"/aanbod/{listing.reference}/wijzigen", data=sent_with(owner, jpeg(600), remove_photos=first))
    assert [photo.width for photo in photos_of(listing.passport_id)] == [500, 600]
    assert trader.get(f"/fotos/{first}/large.jpg").status_code == 404


def test_a_bomb_is_refused_with_a_sentence(trader, owner):
    path = IMAGES / "decompression_bomb.gif"
    bomb = path.read_bytes() if path.exists() else b"GIF89a" + b"\xff" * 200
    answer = trader.post("/aanbieden", data=sent_with(owner, bomb))
    assert answer.status_code == 422
    assert "Dit bestand is geen foto die we kunnen lezen." in text_of(answer)
    assert "Kies uw foto's opnieuw" in answer.text.replace("&#39;", "'")


def test_a_photo_that_declares_billions_of_pixels_is_refused_before_it_is_decoded(trader, owner):
    out = io.BytesIO()
    Image.new("1", (9000, 9000)).save(out, "PNG")
    answer = trader.post("/aanbieden", data=sent_with(owner, out.getvalue()))
    assert "te veel beeldpunten" in text_of(answer)


@pytest.mark.parametrize("path", ["00000000000000000000000000000000/large", "../../secret/large", "x/thumb"])
def test_an_unknown_photo_is_not_found(client, path):
    assert client.get(f"/fotos/{path}.jpg").status_code == 404


def test_a_hazard_that_was_tested_carries_its_report(trader, owner):
    trader.post(
        "/aanbieden",
        data=filled(owner, hazard_lead="absent_tested", report_lead="RPS-2291", hazard_pcb="absent_declared"),
    )
    known = {finding.hazard: (finding.status, finding.report) for finding in findings_of(only_listing().passport_id)}
    assert known.pop("lead") == (HazardStatus.ABSENT_TESTED, "RPS-2291")
    assert known == {"pcb": (HazardStatus.ABSENT_DECLARED, "")}


def test_the_link_of_a_need_fills_in_the_kind(trader):
    page = trader.get("/aanbieden?categorie=hollowcore_slab").text
    assert 'value="Kanaalplaat"' in page
    assert 'value="Kanaalplaat"' not in trader.get("/aanbieden?categorie=boomklomp").text


def test_the_link_of_a_project_fills_in_where_it_comes_from(trader, owner):
    project = make_project(owner, kind=ProjectKind.DEMOLITION)
    page = trader.get(f"/aanbieden?project={project.id}").text
    assert f'<option selected value="{project.id}">' in page
    assert trader.get("/aanbieden?project=junk").status_code == 200


def test_a_place_that_would_be_ignored_is_told(trader, owner):
    answer = trader.post("/aanbieden", data=filled(owner, site="own", place="Emmen"))
    assert answer.status_code == 422
    assert "kies “Ergens anders”" in text_of(answer)


def test_a_form_sent_again_with_other_figures_is_refused(trader, owner):
    trader.post("/aanbieden", data=filled(owner, request_key="same"))
    answer = trader.post("/aanbieden", data=filled(owner, request_key="same", price_eur="1"))
    assert (answer.status_code, "met andere gegevens" in text_of(answer)) == (409, True)
    assert only_listing().price_eur != 1


def test_a_price_beside_free_is_told(trader, owner):
    answer = trader.post("/aanbieden", data=filled(owner, price_eur="12,50", free="y"))
    assert answer.status_code == 422
    assert "kies één van beide" in text_of(answer)


def test_what_has_a_passport_is_offered_under_its_own_code(trader, owner):
    passport = make_passport(owner)
    assert "Bied dit aan" in trader.get(f"/paspoort/{passport.code}").text
    answer = trader.post(f"/paspoort/{passport.code}/aanbieden")
    listing = only_listing()
    assert answer.location == f"/aanbod/{listing.reference}/wijzigen"
    sent = sent_back(trader.get(answer.location).text) | {"price_eur": "12", "publish": "1"}
    sent.pop("free", None)
    assert trader.post(answer.location, data=sent).status_code == 303
    offered = only_listing()
    assert (offered.passport.code, offered.status, offered.price_eur) == (passport.code, ListingStatus.PUBLISHED, 12)
    assert "Bied dit aan" not in trader.get(f"/paspoort/{passport.code}").text


def test_others_cannot_offer_it(client, owner):
    passport = make_passport(owner)
    stranger = sign_in(client, make_member())
    assert stranger.post(f"/paspoort/{passport.code}/aanbieden").status_code == 404
    assert "Bied dit aan" not in stranger.get(f"/paspoort/{passport.code}").text


def test_on_a_full_disk_nothing_of_a_photo_stays_and_nothing_is_offered(trader, owner, monkeypatch):
    def write(path, content):
        if path.name == "thumb.jpg":
            raise OSError(errno.ENOSPC, "No space left on device")
        write_durably(path, content)

    monkeypatch.setattr(photos, "write_durably", write)
    before = set(trader.application.config["SETTINGS"].uploads_path.rglob("*.jpg"))
    answer = trader.post("/aanbieden", data=sent_with(owner, jpeg()))
    assert (answer.status_code, "Onze opslag is vol" in answer.text) == (507, True)
    assert session.scalars(select(Listing)).all() == []
    assert set(trader.application.config["SETTINGS"].uploads_path.rglob("*.jpg")) == before
