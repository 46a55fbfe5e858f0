"""A label with a code of its own: what it waits for, what became of it, and claiming, voiding and replacing it."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from marketplace.accounts.permissions import Permission
from marketplace.kit.codes import normalise
from marketplace.kit.database import commit, session
from marketplace.kit.errors import N_, ConflictError, InvalidInputError, NotFoundError
from marketplace.kit.journal import By
from marketplace.labels import actions, queries
from marketplace.labels.models import IssuedLabel, LabelStatus
from marketplace.passports import queries as passports
from marketplace.passports.models import Passport
from marketplace.web import lookups
from marketplace.web.access import current_actor, require_member, requires
from marketplace.web.errors import add_to_form
from marketplace.web.labels.blueprint import blueprint
from marketplace.web.labels.forms import ClaimForm, VoidForm
from marketplace.web.labels.page import page_of

Answer = str | tuple[str, int] | Response
_MOST_OFFERED = 12


@blueprint.get("/<code>")
@requires(Permission.PUBLIC)
def of_code(code: str) -> Answer:
    """Show a label that leads to no passport; one that hangs on a thing leads to its passport.

    A void label is 410, gone for good, so that a machine does not take it for a label that holds; people find in the
    page what it belonged to. A blank one is 404 for strangers, to whom there is nothing behind it yet.
    """
    try:
        return redirect(url_for("passports.show", code=lookups.get_passport(code).code), 303)
    except lookups.LabelAloneError as error:
        label = error.label
    if label.status is LabelStatus.VOID:
        shown = label.passport if label.passport and lookups.may_see(label.passport, current_actor()) else None
        return render_template("labels/void.html", label=label, passport=shown), 410
    if not current_actor().may(Permission.HANDLE, label.organisation_id):
        return render_template("labels/blank.html", label=label, form=None), 404
    return _claim_page(label, ClaimForm(formdata=None))


@blueprint.post("/<code>/koppelen")
@requires(Permission.HANDLE)
def claim(code: str) -> Answer:
    """Let a blank label lead to the thing that it hangs on."""
    label = _own_label(code)
    form = ClaimForm()
    if not form.validate_on_submit():
        return _claim_page(label, form), 422
    try:
        passport = _meant(form, label)
        actions.claim(code=label.code, passport=passport, by=_by(label.organisation_id))
    except (InvalidInputError, NotFoundError) as error:
        session.rollback()
        add_to_form(form, error, otherwise="code")
        return _claim_page(_own_label(code), form), 422
    name = passport.name
    commit()
    flash(gettext("Label gekoppeld aan %(name)s.", name=name), "success")
    return redirect(url_for("scan.steps", code=normalise(code)), 303)


@blueprint.post("/<code>/ongeldig")
@requires(Permission.TRADE)
def void(code: str) -> Answer:
    """Say that a label is no longer to be trusted."""
    owner_id, passport = _keeper(code)
    form = VoidForm()
    try:
        actions.void(code=code, reason=form.reason.data or "", by=_by(owner_id))
    except InvalidInputError as error:
        return _without_reason(code, form, error)
    target = url_for("labels.sheet", code=passport.code) if passport else url_for(".index")
    commit()
    flash(gettext("Het label is ongeldig. Wie het scant, krijgt dat te lezen."), "success")
    return redirect(target, 303)


@blueprint.post("/<code>/vervangen")
@requires(Permission.TRADE)
def reissue(code: str) -> Answer:
    """Replace a label by a new one, and show that to print it."""
    owner_id, passport = _keeper(code)
    if passport is None:
        raise NotFoundError(N_("Dit label hoort nog nergens bij; print een ander leeg label."))
    form = VoidForm()
    try:
        new = actions.reissue(passport=passport, old_code=code, reason=form.reason.data or "", by=_by(owner_id))
    except InvalidInputError as error:
        return _without_reason(code, form, error)
    target = url_for("labels.sheet", code=new.code)
    commit()
    flash(gettext("Hier is het nieuwe label. Het oude is ongeldig."), "success")
    return redirect(target, 303)


def _without_reason(code: str, form: VoidForm, error: InvalidInputError) -> Answer:
    """Show the page again on which the reason was asked, with the sentence at its field."""
    session.rollback()
    add_to_form(form, error)
    _owner_id, passport = _keeper(code)
    if passport is None:
        return _claim_page(_own_label(code), ClaimForm(formdata=None), form), 422
    form.code.data = normalise(code)
    return page_of(passport, queries.codes_to_print([passport]).get(passport.id), form), 422


def _meant(form: ClaimForm, label: IssuedLabel) -> Passport:
    """Return the thing that was typed, or else chosen."""
    code = lookups.code_in(form.code.data or "") or form.lot.data
    if not code:
        raise InvalidInputError(N_("Kies een partij, of typ de code van het paspoort."), field="lot")
    (passport,) = queries.chosen([code], [label.organisation_id])
    return passport


def _claim_page(label: IssuedLabel, form: ClaimForm, void_form: VoidForm | None = None) -> str:
    text = request.args.get("q", "")[:80]
    form.offer(queries.to_label([label.organisation_id], text, unlabelled=True, most=_MOST_OFFERED))
    may_offer = current_actor().may(Permission.TRADE, label.organisation_id)
    void_form = void_form or VoidForm(formdata=None)
    return render_template(
        "labels/blank.html", label=label, form=form, void_form=void_form, may_offer=may_offer, text=text
    )


def _own_label(code: str) -> IssuedLabel:
    label = queries.label_of_code(code)
    if label is None:
        raise lookups.not_found(code)
    require_member(Permission.HANDLE, label.organisation_id)
    if label.status is not LabelStatus.BLANK:
        raise ConflictError(N_("Dit label is al gekoppeld of ongeldig."))
    return label


def _keeper(code: str) -> tuple[int, Passport | None]:
    """Return whose label this is and what it hangs on; it is there for who trades for that owner alone."""
    label = queries.label_of_code(code)
    passport = label.passport if label else passports.find_by_code(code)
    if label is None and passport is None:
        raise lookups.not_found(code)
    owner_id = passport.owner_id if passport else label.organisation_id if label else 0
    require_member(Permission.TRADE, owner_id)
    return owner_id, passport


def _by(organisation_id: int) -> By:
    return By(current_actor().user_id, organisation_id)
