"""Offering: the form, the photos, and the own offers of an organisation."""

from collections import Counter
from collections.abc import Sequence

from flask import abort, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.wrappers import Response

from marketplace.accounts.models import Organisation
from marketplace.accounts.permissions import Permission
from marketplace.kit import clock
from marketplace.kit.database import commit, session
from marketplace.kit.errors import MarketplaceError
from marketplace.kit.journal import By
from marketplace.labels import actions as label_actions
from marketplace.labels import queries as labels
from marketplace.listings import actions, existing, queries
from marketplace.listings.expecting import days_of
from marketplace.listings.models import Listing, ListingStatus, Stage
from marketplace.materials.vocabulary import find_category
from marketplace.passports import actions as passports
from marketplace.passports import queries as passport_queries
from marketplace.passports.photos import find_file
from marketplace.projects.models import Project
from marketplace.reservations import queries as reservations
from marketplace.reservations.gate import followed
from marketplace.reservations.states import ACTIVE
from marketplace.scanning.queries import open_reports
from marketplace.web import errors, lookups
from marketplace.web.access import acting, current_person, require_member, requires
from marketplace.web.listings.blueprint import blueprint
from marketplace.web.listings.naming import GRADE_HINTS, SHORT_HARVEST_HINTS
from marketplace.web.listings.offer_form import (
    AT_PROJECT,
    OfferForm,
    facts_of,
    findings_of,
    name_findings,
    offer_of,
    values_of,
)
from marketplace.web.passports.guide import needed_of
from marketplace.web.sealing import hub_seal
from marketplace.web.uploads import uploads_path

Answer = str | tuple[str, int] | Response
_A_YEAR = 31_536_000


@blueprint.get("/aanbieden")
@requires(Permission.TRADE)
def new() -> str:
    """Show the empty form."""
    form = OfferForm(formdata=None, data=_proposed())
    _prepare(form, _trading_for())
    return _page(form)


def _proposed() -> dict[str, object]:
    """Return what a link to the form filled in.

    That is `?categorie=ID` from a need, `?project=ID` from a project, `?label=CODE` from a label printed ahead.
    """
    proposed: dict[str, object] = {}
    if category := find_category(request.args.get("categorie", "")):
        proposed["category"] = category
    if project := _project_of_origin():
        proposed |= _proposed_of(project)
    label = labels.find_blank(request.args.get("label", ""), [each.id for each in _trading_for()])
    if label:
        proposed |= {"label": label.code, "organisation": label.organisation_id}
    return proposed


def _project_of_origin() -> Project | None:
    wanted = request.args.get("project", "")
    projects = queries.places_for([each.id for each in _trading_for()]).projects
    return next((project for project in projects if str(project.id) == wanted), None)


def _proposed_of(project: Project) -> dict[str, object]:
    """Return what is likely of something that comes out of a project: its place, its days and its building."""
    first, last = days_of(project, on=clock.today())
    return {
        "project": str(project.id),
        "stage": Stage.EXPECTED.value,
        "site": AT_PROJECT,
        "available_from": first,
        "available_until": last,
        "building_year": project.building_year,
        "origin": project.name,
    }


@blueprint.post("/aanbieden")
@requires(Permission.TRADE)
def post() -> Answer:
    """Make an offer and the passport of what is offered."""
    organisations = _trading_for()
    form = OfferForm()
    _prepare(form, organisations)
    if not form.validate_on_submit():
        return _page(form), 422
    organisation = next(one for one in organisations if one.id == form.organisation.data)
    try:
        listing = actions.post(
            organisation=organisation,
            offer=offer_of(form, organisation),
            facts=facts_of(form),
            photos=form.photos.contents(),
            findings=findings_of(form),
            by=acting(),
            publish=_wants_to_publish(),
            uploads=uploads_path(),
            seal=hub_seal(),
        )
        _claim_label(form, listing)
    except MarketplaceError as error:
        return _again(form, error)
    return _saved(listing, posted=_wants_to_publish())


def _claim_label(form: OfferForm, listing: Listing) -> None:
    if form.label.data:
        by = By(acting().user_id, listing.organisation_id)
        label_actions.claim(code=form.label.data, passport=listing.passport, by=by)


@blueprint.get("/aanbod/<reference>/wijzigen")
@requires(Permission.TRADE)
def edit(reference: str) -> str:
    """Show the form with what the offer states now; with `?ontbreekt=prijs`, what kept it from being published."""
    listing = _own(reference)
    form = OfferForm(formdata=None, data=values_of(listing))
    _prepare(form, [listing.organisation], listing)
    if listing.price_open and request.args.get("ontbreekt") == "prijs":
        form.price_eur.errors = [gettext("Vul een prijs in, of kies gratis.")]
    return _page(form, listing)


@blueprint.post("/aanbod/<reference>/wijzigen")
@requires(Permission.TRADE)
def change(reference: str) -> Answer:
    """Change an offer, and its photos."""
    listing = _own(reference)
    form = OfferForm()
    _prepare(form, [listing.organisation], listing)
    if not form.validate_on_submit():
        return _page(form, listing), 422
    was_posted = listing.status is ListingStatus.PUBLISHED
    try:
        with followed(listing.passport, clock.now()):
            _change(listing, form)
    except MarketplaceError as error:
        return _again(form, error, reference)
    return _saved(listing, posted=_wants_to_publish() and not was_posted)


def _change(listing: Listing, form: OfferForm) -> None:
    offer, facts, findings = offer_of(form, listing.organisation), facts_of(form), findings_of(form)
    actions.change(listing, offer, facts, acting(), seal=hub_seal(), findings=findings)
    for photo in passport_queries.photos_of(listing.passport_id):
        if photo.key in (form.remove_photos.data or []):
            passports.remove_photo(listing.passport, photo, acting())
    for content in form.photos.contents():
        passports.add_photo(listing.passport, content, uploads=uploads_path(), by=acting())
    if _wants_to_publish():
        actions.publish(listing, acting(), seal=hub_seal())
    else:
        passports.restate(listing.passport, acting(), seal=hub_seal())


@blueprint.post("/paspoort/<code>/aanbieden")
@requires(Permission.TRADE)
def offer_passport(code: str) -> Response:
    """Begin an offer of what has a passport already, and ask for its terms."""
    passport = lookups.get_passport(code)
    require_member(Permission.TRADE, passport.owner_id)
    reference = existing.begin(passport, by=acting()).reference
    commit()
    flash(gettext("Vul de prijs en de plek in, en plaats het dan."))
    return redirect(url_for("listings.edit", reference=reference), 303)


@blueprint.post("/aanbod/<reference>/publiceren")
@requires(Permission.TRADE)
def publish(reference: str) -> Response:
    """Show a draft, or what was taken back, to everyone; or lead to the field where something needed is missing."""
    listing = _own(reference)
    if listing.price_open:
        flash(gettext("Nog niet te publiceren: vul een prijs in, of kies gratis."), "warning")
        return redirect(url_for("listings.edit", reference=reference, ontbreekt="prijs", _anchor="price_eur"), 303)
    if needed := needed_of(passport_queries.get_by_code(listing.passport.code)):
        flash(gettext("Nog niet te publiceren: %(sentence)s", sentence=needed[0].sentence), "warning")
        return redirect(needed[0].url, 303)
    with followed(listing.passport, clock.now()):
        actions.publish(listing, acting(), seal=hub_seal())
    commit()
    flash(gettext("Uw partij staat nu in het aanbod."), "success")
    return redirect(url_for("listings.show", reference=reference), 303)


@blueprint.post("/aanbod/<reference>/intrekken")
@requires(Permission.TRADE)
def withdraw(reference: str) -> Response:
    """Take an offer back."""
    listing = _own(reference)
    actions.withdraw(listing, acting())
    commit()
    flash(gettext("Uw partij is uit het aanbod gehaald. Het paspoort blijft bestaan."), "success")
    return redirect(url_for("listings.show", reference=reference), 303)


@blueprint.get("/aanbod/mijn")
@requires(Permission.TRADE)
def mine() -> str:
    """List what one's organisations offer, drafts too."""
    owners = [(organisation, queries.of_organisation(organisation.id)) for organisation in _trading_for()]
    offered = {listing.passport_id for _owner, listings in owners for listing in listings}
    reported = Counter(report.passport_id for report in open_reports(offered))
    return render_template("listings/mine.html", owners=owners, reported=reported)


@blueprint.get("/categorieen")
@requires(Permission.PUBLIC)
def categories() -> str:
    """Return the kinds that a typed text may mean; with `fields`, the sizes, units and hazards of the chosen one."""
    values = request.args.copy()
    if "q" in values:
        values.setlist("category_text", values.getlist("q"))
    form = OfferForm(formdata=ImmutableMultiDict(values), meta={"csrf": False})
    form.set_choices([], [], [])
    name_findings(form)
    if "fields" in values:
        return render_template("listings/_category_fields.html", form=form)
    return render_template("listings/_category_choices.html", form=form, is_fragment=True)


@blueprint.get("/fotos/<key>/<size>.jpg")
@requires(Permission.PUBLIC)
def photo(key: str, size: str) -> Response:
    """Serve a photo, which never changes under its key, for as long as a passport shows it."""
    file = find_file(uploads_path(), key, size)
    if file is None or not passport_queries.has_photo(key):
        abort(404)
    response = send_file(file, mimetype="image/jpeg", max_age=_A_YEAR)
    response.cache_control.public, response.cache_control.immutable = True, True
    response.cache_control.no_cache = None
    return response


def _prepare(form: OfferForm, organisations: Sequence[Organisation], listing: Listing | None = None) -> None:
    places = queries.places_for([organisation.id for organisation in organisations])
    form.set_choices(organisations, places.hubs, places.projects)
    is_posted = listing is not None and listing.status is ListingStatus.PUBLISHED
    form.may_lack_price = not is_posted and not _wants_to_publish()
    form.remove_photos.choices = [(photo.key, photo.key) for photo in listing.passport.photos] if listing else []
    name_findings(form)


def _page(form: OfferForm, listing: Listing | None = None) -> str:
    return render_template(
        "listings/new.html",
        form=form,
        listing=listing,
        grade_hints={grade.value: gettext(hint) for grade, hint in GRADE_HINTS.items()},
        harvest_hints={rule.value: gettext(hint) for rule, hint in SHORT_HARVEST_HINTS.items()},
        to_be_told=_to_be_told(listing) if listing else 0,
    )


def _to_be_told(listing: Listing) -> int:
    """Return how many organisations hold or wait for something of a lot that is still in its building."""
    if listing.stage is not Stage.EXPECTED:
        return 0
    return len({each.organisation_id for each in reservations.of_listing(listing.id) if each.state in ACTIVE})


def _again(form: OfferForm, error: MarketplaceError, reference: str | None = None) -> tuple[str, int]:
    """Undo what the action began and show the form with its sentence."""
    session.rollback()
    listing = queries.get(reference) if reference else None
    errors.add_to_form(form, error)
    return _page(form, listing), 422


def _saved(listing: Listing, *, posted: bool) -> Response:
    reference = listing.reference
    commit()
    flash(gettext("Geplaatst. Print nu het label.") if posted else gettext("Bewaard."), "success")
    return redirect(url_for("listings.show", reference=reference), 303)


def _own(reference: str) -> Listing:
    listing = queries.get(reference)
    require_member(Permission.TRADE, listing.organisation_id)
    return listing


def _trading_for() -> list[Organisation]:
    person = current_person()
    if person is None:
        return []
    allowed = person.actor.organisations(Permission.TRADE)
    members = {membership.organisation_id: membership.organisation for membership in person.memberships}
    return [members[organisation_id] for organisation_id in allowed]


def _wants_to_publish() -> bool:
    return request.form.get("publish") == "1"
