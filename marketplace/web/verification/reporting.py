"""Reporting that a thing and its label do not belong together, without signing in; and settling what was reported."""

from typing import Final

from flask import Response, abort, flash, redirect, render_template, send_file, url_for
from flask_babel import gettext
from limits import RateLimitItemPerHour
from werkzeug.wrappers import Response as AnyResponse

from marketplace.accounts.permissions import Permission
from marketplace.kit.database import commit, session
from marketplace.kit.errors import MarketplaceError
from marketplace.passports.models import Passport
from marketplace.passports.photos import find_file
from marketplace.scanning import queries, reports
from marketplace.scanning.models import Complaint, FinderReport
from marketplace.scanning.reports import Found
from marketplace.web import errors, limits, lookups
from marketplace.web.access import acting, require_member, requires
from marketplace.web.uploads import uploads_path
from marketplace.web.verification.blueprint import blueprint
from marketplace.web.verification.forms import FinderForm

_REPORTS: Final = RateLimitItemPerHour(10, namespace="finder_reports")

Answer = str | tuple[str, int] | AnyResponse


@blueprint.get("/paspoort/<code>/melden")
@requires(Permission.PUBLIC)
def report(code: str) -> str:
    """Show the empty form of a finder."""
    return _page(FinderForm(formdata=None), lookups.get_passport(code))


@blueprint.post("/paspoort/<code>/melden")
@requires(Permission.PUBLIC)
def send_report(code: str) -> Answer:
    """Keep what a finder tells, for the owner."""
    passport = lookups.get_passport(code)
    form = FinderForm()
    if not form.validate_on_submit():
        return _page(form, passport), 422
    limits.count(_REPORTS)
    found = Found(Complaint(form.complaint.data), form.place.data, form.note.data or "", form.photo_content())
    try:
        reports.report(passport, found, uploads=uploads_path())
    except MarketplaceError as error:
        return _again(form, error, code)
    commit()
    flash(gettext("Dank u wel. De eigenaar ziet uw melding bij het paspoort."), "success")
    return redirect(url_for("passports.show", code=passport.code), 303)


@blueprint.post("/meldingen/<int:number>/afhandelen")
@requires(Permission.HANDLE)
def settle(number: int) -> Response | AnyResponse:
    """Note that a report was seen to."""
    row = _own(number)
    reports.settle(row, acting())
    code = row.passport.code
    commit()
    flash(gettext("De melding is afgehandeld."), "success")
    return redirect(url_for("passports.show", code=code), 303)


@blueprint.get("/meldingen/<int:number>/foto.jpg")
@requires(Permission.HANDLE)
def photo(number: int) -> Response:
    """Serve the photo of a report to people of the owner alone: nobody knows what stands on it."""
    row = _own(number)
    file = find_file(uploads_path(), row.photo_key or "", "large")
    if file is None:
        abort(404)
    answer = send_file(file, mimetype="image/jpeg")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _own(number: int) -> FinderReport:
    row = queries.get_report(number)
    require_member(Permission.HANDLE, row.passport.owner_id)
    return row


def _page(form: FinderForm, passport: Passport) -> str:
    return render_template("verification/report.html", form=form, passport=passport)


def _again(form: FinderForm, error: MarketplaceError, code: str) -> tuple[str, int]:
    session.rollback()
    errors.add_to_form(form, error, otherwise="photo" if error.field == "photos" else "")
    return _page(form, lookups.get_passport(code)), errors.status_of(error)
