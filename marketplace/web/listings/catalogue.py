"""Finding: the catalogue with its filters, as cards, as a table and on a map."""

from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Final

from flask import redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from marketplace.accounts.permissions import Permission
from marketplace.kit.places import find_place
from marketplace.kit.words import fold, words
from marketplace.listings import catalogue as open_offers
from marketplace.listings.criteria import Criteria, Facets, Heap
from marketplace.listings.models import Stage
from marketplace.materials.vocabulary import categories, groups, search_categories
from marketplace.web.access import requires
from marketplace.web.cards import cards_of
from marketplace.web.filters import language, number
from marketplace.web.listings.blueprint import blueprint
from marketplace.web.listings.searching import VIEWS, Address, Search
from marketplace.web.maps import Kind, MapView, Spot, map_of

_MOST_CHIPS_TRIED: Final = 6
_MOST_HINTS: Final = 4

_WIDE: Final = {"width": 880, "height": 620, "narrowest_px": 840}
_NARROW: Final = {"width": 360, "height": 400, "narrowest_px": 320}
_SMALL: Final = {"width": 272, "height": 190, "narrowest_px": 272}


@dataclass(frozen=True, slots=True)
class Branch:
    """Hold one line of the tree of kinds: a group with those of its kinds that are shown, or a kind."""

    id: str
    name: str
    count: int
    checked: bool
    branches: tuple["Branch", ...] = ()


@dataclass(frozen=True, slots=True)
class Hint:
    """Hold a way out of an empty page, with how many offers it leads to."""

    label: str
    url: str
    count: int


@blueprint.get("/aanbod")
@requires(Permission.PUBLIC)
def catalogue() -> Response | str:
    """Show what is on offer, as far as it meets the filters in the address.

    A form sends its empty fields along; the address that people keep and share is without them.
    """
    if "" in request.args.values():
        return redirect(Address.of(request.args).url())
    search = Search(request.args)
    found, facets = open_offers.search_with_facets(search.criteria, search.page)
    chips = [(chip.label, search.address.without(*chip.taken_out).url()) for chip in search.chips()]
    return render_template(
        "listings/catalogue.html",
        search=search,
        form=search.form,
        found=found,
        cards=cards_of(found.items, near=search.criteria.near),
        listings=found.items,
        chips=chips,
        tree=tree(search, facets),
        count_text=count_text(found.total),
        measure_text=measure_text(search.criteria, search),
        views=[(view, search.address.url(weergave="" if view == VIEWS[0] else view)) for view in VIEWS],
        maps=maps_of(search),
        hints=[] if found.total else hints(search),
        unknown_word=not found.total and bool(search.text) and not search_categories(search.text),
        page_url=lambda page: search.address.url(bladzijde=page if page > 1 else ""),
    )


def count_text(total: int) -> str:
    """Return how many offers were found, in words."""
    return str(ngettext("%(count)s partij", "%(count)s partijen", total, count=number(total)))


def measure_text(criteria: Criteria, search: Search) -> str | None:
    """Return what stands on the dimension line beside the count: around which place was looked."""
    place = search.form.plaats.data
    if place is None:
        return None
    if criteria.within_km:
        return str(gettext("binnen %(km)s km van %(place)s", km=criteria.within_km, place=place.name))
    return str(gettext("afstand tot %(place)s", place=place.name))


def tree(search: Search, facets: Facets) -> list[Branch]:
    """Return the groups in which something is found or asked for; one that is asked for shows its kinds too."""
    asked = {category.id for category in search.categories}
    open_groups = {group.id for group in search.groups} | {category.group for category in search.categories}
    found = []
    for group in groups():
        count = facets.by_group.get(group.id, 0)
        if not count and group.id not in open_groups:
            continue
        kinds = tuple(
            Branch(category.id, category.name(language()), facets.by_category.get(category.id, 0), category.id in asked)
            for category in group.categories
            if group.id in open_groups and (category.id in asked or facets.by_category.get(category.id))
        )
        found.append(Branch(group.id, group.name(language()), count, group.id in open_groups, kinds))
    return found


def maps_of(search: Search) -> dict[str, MapView]:
    """Return everything that was found on a map as it is shown: wide, narrow, or small beside the cards.

    Names and markers keep their size, so a phone gets a map of its own, with fewer of them.
    """

    def look_closer(place: str, km: int) -> str:
        return search.address.url(plaats=place, straal=km)

    spots = [spot_of(heap) for heap in open_offers.by_place(search.criteria)]
    shown = {"wide": _WIDE, "narrow": _NARROW} if search.view == "kaart" else {"small": _SMALL}
    near, radius = search.criteria.near, search.criteria.within_km
    return {
        name: map_of(spots, near=near, radius_km=radius, url_of_area=look_closer, **sizes)
        for name, sizes in shown.items()
    }


def spot_of(heap: Heap) -> Spot:
    """Return a heap as a spot on its town: the exact place is for who reserved."""
    town = find_place(heap.place)
    kind: Kind = "expected" if heap.stage is Stage.EXPECTED else "stock"
    url = url_for("listings.show", reference=heap.reference)
    return Spot(town.point if town else heap.point, heap.place, kind, heap.name, url, heap.count)


def hints(search: Search) -> list[Hint]:
    """Return ways out of an empty page that do lead somewhere: nearby words, related kinds, one filter less."""
    ways = [*_by_words(search), *_by_kinds(search), *_by_fewer_filters(search)]
    return [hint for hint in ways if hint.count][:_MOST_HINTS]


def _by_words(search: Search) -> list[Hint]:
    found = []
    for word in near_words(search.text):
        count = open_offers.search(Criteria(text=word), size=1).total
        found.append(Hint(f"“{word}”", url_for("listings.catalogue", q=word), count))
    return found


def _by_kinds(search: Search) -> list[Hint]:
    counts = open_offers.facets(Criteria()).by_category if search.text else {}
    kinds = search_categories(search.text, limit=3) if search.text else ()
    return [
        Hint(kind.name(language()), url_for("listings.catalogue", soort=kind.id), counts.get(kind.id, 0))
        for kind in kinds
    ]


def _by_fewer_filters(search: Search) -> list[Hint]:
    chips = search.chips()
    if len(chips) < 2:
        return []
    found = []
    for chip in chips[:_MOST_CHIPS_TRIED]:
        fewer = search.without(chip)
        label = gettext("Zonder %(filter)s", filter=chip.label)
        found.append(Hint(str(label), fewer.address.url(), open_offers.search(fewer.criteria, size=1).total))
    return sorted(found, key=lambda hint: -hint.count)


def near_words(text: str) -> list[str]:
    """Return words of the vocabulary that are written nearly so, where the vocabulary does not know the text itself."""
    if not text or search_categories(text):
        return []
    near = get_close_matches(fold(text), _vocabulary(), n=3, cutoff=0.78)
    return [_vocabulary()[word] for word in near]


@cache
def _vocabulary() -> dict[str, str]:
    """Return every name and synonym of one word, by how it is looked up."""
    names = [name for category in categories() for name in (category.name_nl, *category.synonyms_nl)]
    return {fold(name): name for name in names if len(words(name)) == 1}
