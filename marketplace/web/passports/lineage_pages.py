"""The pages on which a member of the owner splits, merges, installs, harvests, mills, writes off or withdraws."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from marketplace.accounts.permissions import Permission
from marketplace.kit.database import commit, session
from marketplace.kit.errors import N_, ConflictError, InvalidInputError, MarketplaceError, NotFoundError
from marketplace.kit.journal import By
from marketplace.kit.quantities import Quantity, Unit
from marketplace.listings import queries as listings
from marketplace.listings.lineage import free_of, require_free, split_lot
from marketplace.listings.models import Listing
from marketplace.listings.withdrawing import withdraw_passport
from marketplace.passports import lineage, queries
from marketplace.passports.ancestry import mergeable_with
from marketplace.passports.details import ASPHALT, Layer, Section
from marketplace.passports.harvesting import harvest, mill
from marketplace.passports.models import Passport
from marketplace.passports.taking import Act, parts_left
from marketplace.projects import queries as projects
from marketplace.projects.models import Project
from marketplace.web import lookups
from marketplace.web.access import acting, current_actor, require_member, requires
from marketplace.web.errors import add_to_form
from marketplace.web.filters import number, quantity, unit_label
from marketplace.web.lineage_steps import LineageStep, permission_for, possible, title_of
from marketplace.web.passports.blueprint import blueprint
from marketplace.web.passports.lineage_forms import (
    HarvestForm,
    InstallForm,
    LoseForm,
    MergeForm,
    SplitForm,
    WithdrawForm,
    mill_form,
)
from marketplace.web.passports.words import layer_name
from marketplace.web.sealing import hub_seal

Answer = str | tuple[str, int] | Response
Form = Any
"""The form of a step; each knows its own fields."""


@dataclass(frozen=True, slots=True)
class _Page:
    """Hold how a step is asked and done: its form, what it does, and what it says before and after."""

    form: Callable[[Passport], Form]
    do: Callable[[Passport, Form, Act], Passport]
    commits: str
    says: str
    """What the button says with the amount in it."""
    done: str
    otherwise: str = "quantity"
    """The field at which an error stands that names none."""


@blueprint.route(
    "/paspoort/<code>/<any(splitsen, samenvoegen, inbouwen, oogsten, frezen, afschrijven, intrekken):step>",
    endpoint="step",
    methods=["GET", "POST"],
)
@requires(Permission.HANDLE)
def show_step(code: str, step: str) -> Answer:
    """Ask what a step needs, do it, and lead to what came of it."""
    passport, kind = lookups.get_passport(code), LineageStep(step)
    require_member(permission_for(kind), passport.owner_id)
    page = _PAGES[kind]
    form = page.form(passport) if kind in possible(passport) else None
    if form is None:
        return _too_late(passport, kind)
    if form.validate_on_submit():
        try:
            return _done(passport, page, form)
        except MarketplaceError as error:
            session.rollback()
            add_to_form(form, _named(error, form), otherwise=page.otherwise)
            passport = queries.get_by_code(code)
    return _shown(passport, kind, form), 422 if form.errors else 200


def _done(passport: Passport, page: _Page, form: Form) -> Response:
    act, before = Act(_by(passport), hub_seal()), passport.quantity
    result = page.do(passport, form, act)
    name, code = result.name, result.code
    commit()
    amount = getattr(getattr(form, "quantity", None), "data", None)
    said = quantity(before if amount is None else amount, passport.unit)
    flash(gettext(page.done) % {"amount": said, "name": name}, "success")
    return redirect(url_for("passports.show", code=code), 303)


def _by(passport: Passport) -> By:
    """Return who acts, for the owner of the passport."""
    return By(acting().user_id, passport.owner_id)


def _too_late(passport: Passport, kind: LineageStep) -> Answer:
    error = ConflictError(N_("Dit kan nu niet met dit paspoort. Kijk op zijn pagina wat ervan werd."))
    status = 409 if request.method == "POST" else 404
    if request.method == "POST":
        form = FlaskForm(formdata=None)
        add_to_form(form, error)
        return _shown(passport, kind, form, can=False), status
    raise NotFoundError(error.message)


def _named(error: MarketplaceError, form: Form) -> MarketplaceError:
    """Let the error of a layer stand at its own field."""
    if hasattr(form, "name_of"):
        error.field = form.name_of(error.field)
    return error


def _shown(passport: Passport, kind: LineageStep, form: Form, *, can: bool = True) -> str:
    page = _PAGES[kind]
    return render_template(
        "passports/step.html",
        passport=passport,
        step=kind.value,
        title=title_of(kind),
        form=form,
        can=can,
        commits=gettext(page.commits),
        says=_says(page, passport),
        left=quantity(passport.quantity, passport.unit),
    )


def _says(page: _Page, passport: Passport) -> str:
    """Return what the button says with an amount, for which `{n}` stands; nothing where there is no one amount."""
    if not page.says:
        return ""
    return str(gettext(page.says)) % {"amount": f"{{n}} {unit_label(passport.unit)}"}


def _sent() -> Any:  # noqa: ANN401 (what a form reads)
    return request.form if request.method == "POST" else None


def _split_form(_passport: Passport) -> SplitForm:
    return SplitForm(_sent())


def _split(passport: Passport, form: SplitForm, act: Act) -> Passport:
    """Split what is not on offer; or else the lot that is, which keeps its terms."""
    total = sum(form.quantities, Decimal(0))
    lot = None if total <= free_of(passport) else _lot_of(passport, total)
    if lot is None:
        require_free(passport, min(total, passport.quantity))
        children = lineage.split(passport, form.quantities, act)
    else:
        parts = [split_lot(lot, each, act) for each in form.quantities]
        children = [session.get_one(Passport, part.passport_id) for part in parts]
    return children[0] if len(children) == 1 else passport


def _lot_of(passport: Passport, total: Decimal) -> Listing | None:
    lots = [lot for lot in listings.of_passport(passport.id) if lot.is_open and lot.unit is passport.unit]
    return next((lot for lot in lots if lot.available >= total), None)


def _merge_form(passport: Passport) -> MergeForm:
    form = MergeForm(_sent())
    form.offer(mergeable_with(passport))
    return form


def _merge(passport: Passport, form: MergeForm, act: Act) -> Passport:
    chosen = [each for each in mergeable_with(passport) if each.code in (form.codes.data or [])]
    for each in (passport, *chosen):
        require_free(each)
    return lineage.merge([passport, *chosen], act)


def _our_projects() -> list[Project]:
    return projects.with_needs_of(current_actor().organisations(Permission.HANDLE))


def _install_form(passport: Passport) -> InstallForm:
    form = InstallForm(_sent(), quantity=Quantity(passport.quantity, passport.unit).value)
    form.offer(_our_projects())
    return form


def _install(passport: Passport, form: InstallForm, act: Act) -> Passport:
    require_free(passport, form.quantity.data)
    project = next((each for each in _our_projects() if str(each.id) == form.project.data), None)
    return lineage.install(
        passport,
        place=form.place.data or "",
        where=form.where.data or "",
        project=project,
        into=_work(form.into.data or ""),
        on=form.on.data,
        quantity=form.quantity.data,
        act=act,
    )


def _work(text: str) -> Passport | None:
    if not text.strip():
        return None
    try:
        return lookups.get_passport(lookups.code_in(text))
    except NotFoundError as error:
        raise InvalidInputError(error.message, field="into", **error.params) from error


def _harvest_form(passport: Passport) -> HarvestForm:
    form = HarvestForm(_sent())
    form.offer(passport.details.work, parts_left(passport))
    return form


def _harvest(passport: Passport, form: HarvestForm, act: Act) -> Passport:
    lost = form.lost.data or Decimal(0)
    facts = {"quantity": form.quantity.data, "lost": lost, "reason": form.reason.data or ""}
    return harvest(passport, part=form.part.data or "", act=act, **facts)


def _mill_form(passport: Passport) -> Form:
    work, left = passport.details.work, parts_left(passport)
    layers = {
        f"{section.id}/{layer.id}": _layer_label(section, layer, left)
        for section in (work.sections if work else ())
        for layer in section.layers
        if layer.kind in ASPHALT and left[f"{section.id}/{layer.id}"].most
    }
    return mill_form(layers, _sent())


def _layer_label(section: Section, layer: Layer, left: Mapping[str, Any]) -> str:
    name, amount = layer_name(section, layer), left[f"{section.id}/{layer.id}"].left
    return f"{name[:1].upper()}{name[1:]}: {number(amount)} {Unit.T.label()}"


def _mill(passport: Passport, form: Form, act: Act) -> Passport:
    return mill(passport, form.tonnes, act)


def _lose_form(passport: Passport) -> LoseForm:
    form = LoseForm(_sent())
    form.offer(parts_left(passport))
    return form


def _lose(passport: Passport, form: LoseForm, act: Act) -> Passport:
    part = (form.part.data or "") if passport.details.work else ""
    if not part:
        require_free(passport, min(form.quantity.data, passport.quantity))
    lineage.lose(passport, form.quantity.data, form.reason.data or "", act, part=part)
    return passport


def _withdraw_form(_passport: Passport) -> WithdrawForm:
    return WithdrawForm(_sent())


def _withdraw(passport: Passport, form: WithdrawForm, act: Act) -> Passport:
    withdraw_passport(passport, reason=form.reason.data or "", act=act)
    return passport


_PAGES: Final = {
    LineageStep.SPLIT: _Page(
        _split_form, _split, N_("Splits af"), N_("Splits %(amount)s af"), N_("Afgesplitst. Print het nieuwe label.")
    ),
    LineageStep.MERGE: _Page(
        _merge_form,
        _merge,
        N_("Voeg samen tot één paspoort"),
        "",
        N_("Samengevoegd. De oude labels leiden hierheen; print het nieuwe."),
        "codes",
    ),
    LineageStep.INSTALL: _Page(
        _install_form, _install, N_("Leg vast"), N_("Bouw %(amount)s in"), N_("%(amount)s ingebouwd.")
    ),
    LineageStep.HARVEST: _Page(
        _harvest_form, _harvest, N_("Oogst"), N_("Oogst %(amount)s"), N_("Geoogst. Print het nieuwe label.")
    ),
    LineageStep.MILL: _Page(
        _mill_form,
        _mill,
        N_("Leg vast wat is gefreesd"),
        "",
        N_("Gefreesd. Dit is het paspoort van wat eruit kwam."),
        "",
    ),
    LineageStep.LOSE: _Page(_lose_form, _lose, N_("Schrijf af"), N_("Schrijf %(amount)s af"), N_("Afgeschreven.")),
    LineageStep.WITHDRAW: _Page(
        _withdraw_form,
        _withdraw,
        N_("Trek dit paspoort in"),
        "",
        N_("Ingetrokken. Wie het label scant of het paspoort nagaat, ziet dat het niet meer geldt."),
        "",
    ),
}
