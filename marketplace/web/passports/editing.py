"""The guided form in which members of the owner complete a passport, step by step, and publish it."""

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.datastructures import CombinedMultiDict, ImmutableMultiDict
from werkzeug.wrappers import Response

from marketplace.accounts.permissions import Permission
from marketplace.kit import clock
from marketplace.kit.database import commit, session
from marketplace.kit.errors import N_, ConflictError, MarketplaceError
from marketplace.listings import actions as listings
from marketplace.listings import queries as offers
from marketplace.listings.search import index_listing
from marketplace.passports import actions, queries
from marketplace.passports.models import Passport
from marketplace.reservations.gate import followed
from marketplace.web import errors
from marketplace.web.access import acting, require_member, requires
from marketplace.web.passports.blueprint import blueprint
from marketplace.web.passports.guide import Page, guide_of, page_after, page_of, url_of
from marketplace.web.passports.lines import (
    Sent,
    faults,
    find_field,
    names_of,
    next_number,
    with_line,
    without_blank_lines,
    without_line,
)
from marketplace.web.passports.steps.step import StepForm
from marketplace.web.sealing import hub_seal
from marketplace.web.uploads import uploads_path

Answer = str | tuple[str, int] | Response


@blueprint.get("/paspoort/<code>/bewerken")
@requires(Permission.TRADE)
def edit(code: str) -> str:
    """Show one step with what the passport states now."""
    passport = _own(code)
    page = _page(passport)
    form = page.form(formdata=None, data=page.form.values(passport))
    return _shown(passport, page, form)


@blueprint.post("/paspoort/<code>/bewerken")
@requires(Permission.TRADE)
def save(code: str) -> Answer:
    """Save one step, or show it again with a line more or less."""
    passport = _own(code)
    page = _page(passport)
    if "add" in request.form or "remove" in request.form:
        return _shown(passport, page, _bound(page, passport, _with_other_lines(request.form)))
    sent = without_blank_lines(_bound(page, passport, request.form), request.form)
    form = _bound(page, passport, sent)
    if not form.validate():
        return _shown(passport, page, form), 422
    try:
        with followed(passport, clock.now()):
            form.save(passport, uploads=uploads_path(), by=acting())
            _published_again(passport)
    except MarketplaceError as error:
        return _again(code, page, sent, error)
    following = page if page.slug == "bewijs" else page_after(passport, page)
    url = url_of(passport, following)
    commit()
    flash(gettext("Bewaard."), "success")
    return redirect(url, 303)


@blueprint.post("/paspoort/<code>/publiceren")
@requires(Permission.TRADE)
def publish(code: str) -> Answer:
    """Publish the passport as a signed version, where nothing that is needed is missing."""
    passport = _own(code)
    page = _page(passport)
    if needed := guide_of(passport, page).needed:
        flash(gettext("Nog niet te publiceren: %(sentence)s", sentence=needed[0].sentence), "warning")
        return redirect(needed[0].url, 303)
    actions.publish(passport, acting(), seal=hub_seal())
    commit()
    flash(gettext("Gepubliceerd en ondertekend. Print nu het label."), "success")
    return redirect(url_for(".show", code=passport.code), 303)


def _own(code: str) -> Passport:
    """Return the passport, whole, of which the owner's traders may change what it states."""
    passport = queries.get_by_code(code)
    require_member(Permission.TRADE, passport.owner_id)
    if passport.status.is_over:
        raise ConflictError(N_("Dit paspoort geldt niet meer; het kan niet meer worden gewijzigd."))
    return passport


def _page(passport: Passport) -> Page:
    return page_of(passport, request.args.get("stap", ""))


def _bound(page: Page, passport: Passport, sent: Sent) -> StepForm:
    """Return the form of a step with what was sent in it, documents included."""
    form = page.form(formdata=CombinedMultiDict([request.files, ImmutableMultiDict(sent)]))
    form.prepare(passport)
    return form


def _with_other_lines(sent: Sent) -> Sent:
    more = with_line(sent, sent["add"]) if "add" in sent else sent
    return without_line(more, sent["remove"]) if "remove" in sent else more


def _again(code: str, page: Page, sent: Sent, error: MarketplaceError) -> tuple[str, int]:
    """Undo what was begun and show what was typed, with the sentence at the field that it concerns."""
    session.rollback()
    passport = queries.get_by_code(code)
    form = _bound(page, passport, sent)
    field = find_field(form, (error.field or "").replace("-origins", "-fraction"))
    if field is None:
        form.form_errors.append(errors.sentence(error))
    else:
        field.errors = [*field.errors, errors.sentence(error)]
    return _shown(passport, page, form), errors.status_of(error)


def _shown(passport: Passport, page: Page, form: StepForm) -> str:
    form.prepare(passport)
    return render_template(
        "passports/edit.html",
        passport=passport,
        page=page,
        form=form,
        guide=guide_of(passport, page),
        faults=[*(("", str(text)) for text in form.form_errors), *faults(form)],
        next_number=lambda of_list: next_number(names_of(form), of_list),
        here=url_of(passport, page),
    )


def _published_again(passport: Passport) -> None:
    """Let what is public follow what was changed: a new version, and the offers of it."""
    actions.restate(passport, acting(), seal=hub_seal())
    for listing in offers.of_passport(passport.id):
        listings.keep_to_the_gate(listing, passport, acting())
        index_listing(listing)
