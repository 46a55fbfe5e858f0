"""The page on which an organisation sets what counts for its own needs; only its own people see it."""

from dataclasses import asdict, dataclass
from decimal import Decimal

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext

from marketplace.accounts.models import Organisation
from marketplace.accounts.permissions import Permission
from marketplace.accounts.queries import get_organisation
from marketplace.kit.database import commit
from marketplace.kit.errors import MarketplaceError
from marketplace.matching.conversion import PARAMS
from marketplace.matching.rates import Rates, rates_of, set_rates
from marketplace.web import errors
from marketplace.web.access import require_member, requires
from marketplace.web.filters import money, number
from marketplace.web.organisations.blueprint import Answer, blueprint, by_owner
from marketplace.web.organisations.forms import RatesForm


@dataclass(frozen=True, slots=True)
class RateText:
    """Hold what is said of a rate: what is usual, where that comes from, and what changes by another one."""

    usual: str
    source: str
    effect: str


@blueprint.route("/<slug>/rekenwaarden", methods=["GET", "POST"])
@requires(Permission.TRADE)
def rates(slug: str) -> Answer:
    """Let the people of an organisation set by which rates the plan counts for their needs."""
    organisation = get_organisation(slug)
    require_member(Permission.TRADE, organisation.id)
    form = RatesForm(data=asdict(rates_of(organisation.id)))
    if not form.validate_on_submit():
        return _page(organisation, form)
    try:
        set_rates(organisation, _rates(form), by_owner(organisation))
    except MarketplaceError as error:
        errors.add_to_form(form, error)
        return _page(organisation, form)
    commit()
    flash(gettext("De rekenwaarden zijn bewaard. De voorstellen worden er nu naar bijgewerkt."), "success")
    return redirect(url_for(".rates", slug=slug), 303)


def _rates(form: RatesForm) -> Rates:
    return Rates(
        eur_per_1000_tkm=form.eur_per_1000_tkm.data,
        trip_eur=form.trip_eur.data,
        kerf_mm=form.kerf_mm.data,
        mki_percent=form.mki_percent.data,
    )


def _page(organisation: Organisation, form: RatesForm) -> tuple[str, int]:
    page = render_template("organisations/rates.html", organisation=organisation, form=form, texts=texts())
    return page, 422 if form.errors else 200


def texts() -> dict[str, RateText]:
    """Return what is said of each rate, by the name of its field."""
    assumed = gettext("Aanname van Materialenhub, voor elke partij gelijk: geen tarief van een vervoerder.")
    per_1000_tkm = Decimal(str(PARAMS.eur_per_tkm)) * 1000
    return {
        "eur_per_1000_tkm": RateText(
            gettext("Gebruikelijk: %(amount)s", amount=money(per_1000_tkm)),
            assumed,
            gettext("Hoger: wat dichtbij ligt gaat vóór, en zwaar materiaal wordt minder waard."),
        ),
        "trip_eur": RateText(
            gettext("Gebruikelijk: %(amount)s", amount=money(Decimal(str(PARAMS.trip_eur)))),
            assumed,
            gettext("Hoger: liever één grote partij dan veel kleine, en minder omwegen langs een hub."),
        ),
        "kerf_mm": RateText(
            gettext("Gebruikelijk: %(size)s mm", size=number(PARAMS.kerf_mm)),
            gettext("Aanname van Materialenhub: het blad van een gewone afkortzaag."),
            gettext("Breder: uit een lang stuk komen soms minder stukken."),
        ),
        "mki_percent": RateText(
            gettext("Gebruikelijk: %(percent)s %%", percent=100),
            gettext("De MKI zoals zij is gepubliceerd, of anders de CO2 van nieuw maal de CO2-prijs."),
            gettext("Hoger: materiaal waarvan nieuw veel milieu kost gaat vóór, ook als het duurder of verder is."),
        ),
    }
