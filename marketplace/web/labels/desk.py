"""The label desk: labels of many lots at once, labels that are printed ahead, and what was printed before.

Asking for a file is a write, because the facts of every print are kept; they are kept before the file is made, so
that a thousand labels hold no lock while they are set. Who sends the form twice gets the file twice, with the same
codes.
"""

from collections.abc import Sequence

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.accounts.models import Organisation
from marketplace.accounts.permissions import Permission
from marketplace.kit.database import commit, session
from marketplace.kit.errors import N_, InvalidInputError, MarketplaceError, NotFoundError
from marketplace.kit.journal import By
from marketplace.labels import actions, media, queries
from marketplace.labels.content import Blank, Label
from marketplace.labels.prints import facts_of, require_file
from marketplace.listings import queries as listings
from marketplace.passports.models import Passport
from marketplace.web import errors
from marketplace.web.access import current_actor, current_person, requires
from marketplace.web.idempotency import Remade, kept_basis
from marketplace.web.labels import drawing
from marketplace.web.labels.blueprint import blueprint
from marketplace.web.labels.files import download
from marketplace.web.labels.forms import DEFAULT_MEDIUM, BlanksForm, PaperForm, PrintForm
from marketplace.web.labels_of import blank_of, label_of

Answer = str | tuple[str, int] | Response
_PREFIX = "blank-"


@blueprint.get("")
@requires(Permission.HANDLE)
def index() -> str:
    """Show what can be printed: `?q=` searches, `?lots=CODE` or `?alles=1` ticks."""
    return _page(_print_form(), _blanks_form())


@blueprint.post("")
@requires(Permission.HANDLE)
def print_() -> Answer:
    """Send the labels of the chosen lots as a file."""
    form = _print_form()
    passports = queries.chosen(request.form.getlist("lots"), _own_ids())
    if not form.validate_on_submit():
        return _page(form, _blanks_form()), 422
    try:
        labels, codes = _labels_of(passports, form)
        if kept_basis() is None:
            _record(form, labels, codes, passports[0].owner_id)
        return _file(form, labels, codes)
    except InvalidInputError as error:
        return _again(form, error, form, _blanks_form())


@blueprint.post("/blanco")
@requires(Permission.HANDLE)
def blanks() -> Answer:
    """Make labels that wait for a passport, and send them as a file."""
    form = _blanks_form()
    if not form.validate_on_submit():
        return _page(_print_form(), form), 422
    organisation = next(one for one in _own() if one.id == form.organisation.data)
    try:
        before = kept_basis()
        codes = list(before) if before else _new_blanks(form, organisation)
        labels = [blank_of(code, form.spoken) for code in codes]
        if before is None:
            _record(form, labels, codes, organisation.id)
        return _file(form, labels, codes)
    except InvalidInputError as error:
        return _again(form, error, _print_form(), form)


@blueprint.get("/vel")
@requires(Permission.HANDLE)
def sheet() -> str:
    """Draw the first sheet, with the places that stay empty."""
    sent = {name.removeprefix(_PREFIX): value for name, value in request.args.items()}
    skip = sent.get("skip", "")
    number = int(skip) if skip.isascii() and skip.isdecimal() and len(skip) < 4 else 0
    return _sheet(sent.get("medium", ""), number)


def _sheet(medium_id: str, skip: int) -> str:
    try:
        medium = media.get(medium_id or DEFAULT_MEDIUM)
        picture, text = drawing.sheet(medium, skip), drawing.caption(medium, skip)
    except (InvalidInputError, NotFoundError) as error:
        picture, text = None, errors.sentence(error)
    return render_template("labels/_sheet.html", picture=picture, text=text)


def _labels_of(passports: Sequence[Passport], form: PrintForm) -> tuple[list[Label], list[str]]:
    """Return the labels, the copies of a lot together, and the code on each."""
    if not passports:
        raise InvalidInputError(N_("Kruis minstens één partij aan."), field="lots")
    actions.require_count(len(passports) * form.copies.data, field="copies")
    codes = queries.codes_to_print(passports)
    lots = listings.newest_of_passports([passport.id for passport in passports])
    labels = []
    for passport in passports:
        if passport.id not in codes:
            message = N_("Elk label van “%(name)s” is ongeldig. Geef op de pagina van het label eerst een nieuw uit.")
            raise InvalidInputError(message, field="lots", name=passport.name)
        lot = lots.get(passport.id)
        label = label_of(passport, [lot] if lot else [], codes[passport.id], form.spoken)
        labels += [label] * form.copies.data
    return labels, list(codes.values())


def _new_blanks(form: BlanksForm, organisation: Organisation) -> list[str]:
    made = actions.make_blanks(organisation=organisation, count=form.count.data, by=_by(organisation.id))
    return [label.code for label in made]


def _record(form: PaperForm, labels: Sequence[Label | Blank], codes: list[str], organisation_id: int) -> None:
    medium, (kind, dpi), skip = form.paper, form.file, form.skip.data or 0
    require_file(kind, medium, len(labels))
    facts = facts_of(labels, medium, skip=skip, dpi=dpi)
    actions.record_print(facts=facts, form=kind, organisation_id=organisation_id, codes=codes, by=_by(organisation_id))
    commit()


def _file(form: PaperForm, labels: Sequence[Label | Blank], codes: list[str]) -> Remade:
    medium, (kind, dpi), skip = form.paper, form.file, form.skip.data or 0
    return Remade(codes, lambda: download(labels, medium, kind, dpi=dpi, skip=skip))


def _again(form: PaperForm, error: MarketplaceError, print_form: PrintForm, blanks_form: BlanksForm) -> Answer:
    session.rollback()
    errors.add_to_form(form, error)
    return _page(print_form, blanks_form), 422


def _page(form: PrintForm, blanks_form: BlanksForm) -> str:
    own, text = _own_ids(), request.args.get("q", "")[:80]
    passports = queries.to_label(own, text)
    ticked = set(request.values.getlist("lots"))
    if request.args.get("alles") == "1":
        ticked = {passport.code for passport in passports}
    return render_template(
        "labels/desk.html",
        form=form,
        blanks_form=blanks_form,
        passports=passports,
        lots=listings.newest_of_passports([passport.id for passport in passports]),
        ticked=ticked,
        text=text,
        blanks_left=queries.blanks_left(own),
        prints=queries.prints_of(own),
        media=media.MEDIA,
        sheets={each: _sheet(each.medium.data, each.skip.data or 0) for each in (form, blanks_form)},
        sheet_url=url_for(".sheet"),
    )


def _print_form() -> PrintForm:
    form = PrintForm(request.form if request.endpoint == "label_desk.print_" else None)
    form.offer_papers()
    return form


def _blanks_form() -> BlanksForm:
    form = BlanksForm(request.form if request.endpoint == "label_desk.blanks" else None, prefix=_PREFIX)
    form.offer_papers()
    form.offer_organisations(_own())
    return form


def _by(organisation_id: int) -> By:
    return By(current_actor().user_id, organisation_id)


def _own_ids() -> list[int]:
    return current_actor().organisations(Permission.HANDLE)


def _own() -> list[Organisation]:
    person = current_person()
    return [membership.organisation for membership in person.memberships] if person else []
