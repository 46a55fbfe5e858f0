"""Counting a harvest without a label: how much came out, a look at what each option gets, and then it is done."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import HiddenField
from wtforms.validators import InputRequired, Length

from marketplace.accounts.permissions import Permission
from marketplace.kit.database import commit, session
from marketplace.kit.errors import N_, ConflictError, MarketplaceError, NotFoundError
from marketplace.kit.journal import By
from marketplace.listings import queries
from marketplace.listings.models import Listing, Stage
from marketplace.passports.taking import Act
from marketplace.reservations import harvest
from marketplace.scanning.queries import handled_by
from marketplace.scanning.steps import may_handle
from marketplace.web.access import acting, current_actor, requires
from marketplace.web.counted import CountView, preview_view
from marketplace.web.errors import add_to_form, status_of
from marketplace.web.fields import DecimalField
from marketplace.web.filters import quantity
from marketplace.web.listings.blueprint import blueprint
from marketplace.web.sealing import hub_seal

Answer = str | tuple[str, int] | Response


class HarvestForm(FlaskForm):
    """How much was counted, and what was agreed to after seeing what it comes to."""

    counted = DecimalField(_l("Geteld"), validators=[InputRequired(_l("Vul in hoeveel er geteld is."))])
    agreed = HiddenField(validators=[Length(max=4000)])


@blueprint.get("/aanbod/<reference>/oogst")
@requires(Permission.HANDLE)
def harvest_page(reference: str) -> Answer:
    """Ask how much came out of the building."""
    listing = _expected(reference)
    return _page(
        HarvestForm(formdata=None, data={"counted": None if listing.estimated else listing.still_there}), listing
    )


@blueprint.post("/aanbod/<reference>/oogst")
@requires(Permission.HANDLE)
def count_harvest(reference: str) -> Answer:
    """Show what a count comes to, and do it once somebody agreed to exactly that."""
    listing, form = _expected(reference), HarvestForm()
    if not form.validate_on_submit():
        return _page(form, listing), 422
    try:
        act = Act(_by(listing), hub_seal())
        outcome = harvest.count(listing, form.counted.data, act, agreed=form.agreed.data or "")
        commit()
    except harvest.NotAgreedError as error:
        return _to_agree(form, listing, error.outcome)
    except MarketplaceError as error:
        session.rollback()
        add_to_form(form, error, otherwise="counted")
        return _page(form, queries.get(reference)), status_of(error)
    flash(_said(outcome), "success")
    return redirect(url_for("listings.show", reference=reference), 303)


def _said(outcome: harvest.Outcome) -> str:
    if not outcome.counted.value:
        return str(gettext("De oogst is geteld: er was niets."))
    amount = quantity(outcome.counted.value, outcome.counted.unit)
    return str(gettext("%(amount)s geteld en op voorraad.", amount=amount))


def _to_agree(form: HarvestForm, listing: Listing, outcome: harvest.Outcome) -> str:
    """Show what it comes to, with the token by which it is agreed to; what time brought to the options is kept."""
    view = preview_view(outcome, listing, agreed=form.agreed.data or "")
    form.agreed.process_data(outcome.token)
    page = _page(form, listing, view)
    commit()
    return page


def _page(form: HarvestForm, listing: Listing, count: CountView | None = None) -> str:
    return render_template("listings/harvest.html", form=form, listing=listing, count=count)


def _expected(reference: str) -> Listing:
    """Return a lot that these people handle and that is still in its building."""
    listing = queries.get(reference)
    if not may_handle(current_actor(), handled_by(listing)):
        raise NotFoundError(N_("Deze pagina bestaat niet, of niet voor u."))
    if listing.stage is not Stage.EXPECTED:
        raise ConflictError(N_("Deze partij is al in ontvangst genomen."))
    return listing


def _by(listing: Listing) -> By:
    """Return who counts: for the owner or the hub, whichever of them the person belongs to."""
    by = acting()
    handling = handled_by(listing)
    ours = [each for each in current_actor().organisations(Permission.HANDLE) if each in handling]
    return by if by.organisation_id in ours else By(by.user_id, ours[0])
