"""The page of one label: how it looks, its files, and for its owner how to print it otherwise or to replace it."""

from collections.abc import Sequence

from flask import render_template, url_for

from marketplace.accounts.permissions import Permission
from marketplace.labels import queries
from marketplace.labels.artwork import SIDE_MM
from marketplace.labels.models import IssuedLabel, LabelStatus
from marketplace.passports.models import Passport
from marketplace.web.access import current_actor
from marketplace.web.labels.forms import PrintForm, VoidForm
from marketplace.web.labels_of import address_of


def page_of(passport: Passport, code: str | None, void_form: VoidForm) -> str:
    """Return the page of the label with this code; without one, of a passport of which every label is void."""
    actor = current_actor()
    issued = queries.labels_of(passport.id)
    print_form = PrintForm(formdata=None)
    print_form.offer_papers()
    return render_template(
        "labels/label.html",
        passport=passport,
        code=code,
        side_mm=SIDE_MM,
        files=[(form, url_for(f"labels.{form}", code=code)) for form in ("pdf", "svg", "png")] if code else [],
        address=address_of(code) if code else "",
        may_print=actor.may(Permission.HANDLE, passport.owner_id),
        may_replace=actor.may(Permission.TRADE, passport.owner_id),
        holding=_holding(passport, issued),
        void=[label for label in issued if label.status is LabelStatus.VOID],
        print_form=print_form,
        void_form=void_form,
    )


def _holding(passport: Passport, issued: Sequence[IssuedLabel]) -> list[str]:
    """Return the codes that lead to the passport and may hang on it, its own first."""
    own = [] if any(label.code == passport.code for label in issued) else [passport.code]
    return own + [label.code for label in issued if label.status is LabelStatus.ACTIVE]
