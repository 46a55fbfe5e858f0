from datetime import date
from decimal import Decimal

import pytest

from marketplace.kit import journal
from marketplace.kit.database import session
from marketplace.kit.errors import ConflictError, InvalidInputError
from marketplace.kit.journal import By
from marketplace.kit.quantities import Quantity, Unit
from marketplace.projects import actions
from marketplace.projects.models import Need, ProjectKind
from marketplace.reservations.states import State
from tests.factories import make_listing, make_organisation, make_project, make_reservation, moment
from tests.projects.planning import hub_facts, need_facts, project_facts, site

BY = By()

pytestmark = pytest.mark.usefixtures("context")


def planned(**more):
    owner = make_organisation()
    return actions.add_project(organisation=owner, facts=project_facts(owner.id, **more), by=BY)


def looked_for(**more):
    return actions.add_need(project=make_project(), facts=need_facts(**more), by=BY)


def told(subject):
    return [(entry.action, entry.told) for entry in reversed(journal.history(subject))]


class TestAddProgramme:
    def test_puts_a_name_on_one_line_and_makes_an_address_of_it(self):
        programme = actions.add_programme(name=" Drenthe Woont\nCirculair ", by=BY)
        assert (programme.name, programme.slug) == ("Drenthe Woont Circulair", "drenthe-woont-circulair")
        assert told(f"programme:{programme.id}") == [("programme.added", {"name": "Drenthe Woont Circulair"})]

    def test_needs_a_name(self):
        with pytest.raises(InvalidInputError) as refused:
            actions.add_programme(name=" ", by=BY)
        assert refused.value.field == "name"


class TestAddHub:
    def test_keeps_room_and_tariffs_exactly(self):
        owner = make_organisation()
        hub = actions.add_hub(organisation=owner, facts=hub_facts(), by=BY)
        session.expire(hub)
        assert (hub.slug, hub.place, hub.organisation_id) == ("hub-hoogeveen", "Hoogeveen", owner.id)
        assert (hub.capacity_m3, hub.handle_eur_per_m3) == (Decimal(500), Decimal("7.50"))
        assert told(f"hub:{hub.id}")[0][1]["store_eur_per_m3_week"] == "0.85"

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("capacity_m3", Decimal(0)),
            ("handle_eur_per_m3", Decimal("-0.01")),
            ("store_eur_per_m3_week", Decimal("0.005")),
        ],
    )
    def test_refuses_what_cannot_be(self, field, value):
        with pytest.raises(InvalidInputError) as refused:
            actions.add_hub(organisation=make_organisation(), facts=hub_facts(**{field: value}), by=BY)
        assert refused.value.field == field


class TestAddProject:
    def test_keeps_what_was_stated_and_tells_it(self):
        project = planned()
        assert (project.slug, project.kind, project.place) == (
            "sleen-kerkstraat",
            ProjectKind.DEMOLITION,
            "Sleen",
        )
        ((action, facts),) = told(f"project:{project.id}")
        assert (action, facts["starts_on"], facts["building_year"]) == ("project.added", "2027-01-15", 1958)

    def test_numbers_the_slug_of_a_namesake(self):
        assert [planned().slug, planned().slug] == ["sleen-kerkstraat", "sleen-kerkstraat-2"]

    def test_never_takes_an_address_that_is_a_page(self):
        assert planned(name="Nieuw!").slug == "nieuw-2"

    def test_takes_a_slug_that_is_given_but_never_twice(self):
        owner = make_organisation()
        facts = project_facts(owner.id)
        assert actions.add_project(organisation=owner, facts=facts, slug="eigen", by=BY).slug == "eigen"
        with pytest.raises(ConflictError) as refused:
            actions.add_project(organisation=owner, facts=facts, slug="eigen", by=BY)
        assert refused.value.field == "name"

    def test_may_begin_and_end_on_one_day(self):
        assert planned(starts_on=date(2027, 1, 15), ends_on=date(2027, 1, 15)).id

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("ends_on", date(2027, 1, 14)),
            ("building_year", 999),
            ("building_year", 2300),
            ("client_id", 0),
            ("programme_id", 0),
            ("name", "x"),
            ("name", "x" * 121),
        ],
    )
    def test_refuses_what_cannot_be(self, field, value):
        owner = make_organisation()
        facts = project_facts(**{"client_id": owner.id, field: value})
        with pytest.raises(InvalidInputError) as refused:
            actions.add_project(organisation=owner, facts=facts, by=BY)
        assert refused.value.field == field


class TestChangeProject:
    def test_tells_only_what_changed_and_keeps_the_address(self):
        project = planned()
        facts = project_facts(project.client_id, name="Sleen, Dorpsstraat", site=site("Emmen"))
        actions.change_project(project=project, facts=facts, by=BY)
        assert (project.slug, project.name, project.place) == ("sleen-kerkstraat", "Sleen, Dorpsstraat", "Emmen")
        assert told(f"project:{project.id}")[1:] == [
            (
                "project.changed",
                {
                    "name_from": "Sleen, Kerkstraat",
                    "name_to": "Sleen, Dorpsstraat",
                    "place_from": "Sleen",
                    "place_to": "Emmen",
                },
            )
        ]

    def test_tells_nothing_where_nothing_changed(self):
        project = planned()
        actions.change_project(project=project, facts=project_facts(project.client_id), by=BY)
        assert len(told(f"project:{project.id}")) == 1

    def test_shows_its_new_client_and_programme_at_once(self):
        project, other = planned(), make_organisation()
        programme = actions.add_programme(name="Provinciale wegen", by=BY)
        facts = project_facts(other.id, programme_id=programme.id)
        actions.change_project(project=project, facts=facts, by=BY)
        assert (project.client, project.programme) == (other, programme)


class TestAddNeed:
    def test_keeps_what_was_stated(self):
        need = looked_for(substitutes=("door_exterior", "door_interior", "door_exterior"))
        session.expire(need)
        assert (need.quantity, need.unit, need.min_batch) == (Decimal(20), Unit.PIECE, Decimal(5))
        assert (need.length_min, need.length_max, need.width_min) == (2010, 2020, None)
        assert need.categories == ["door_interior", "door_exterior"]
        ((action, facts),) = told(f"need:{need.id}")
        assert (action, facts["substitutes"], facts["max_price"]) == ("need.added", "door_exterior", "40")

    def test_takes_a_moment_to_have_been_asked(self):
        need = actions.add_need(project=make_project(), facts=need_facts(), by=BY, at=moment(date(2026, 1, 2)))
        assert need.created_at.date() == date(2026, 1, 2)

    def test_takes_what_is_just_right(self):
        need = looked_for(
            length=(2015, 2015),
            width=(None, 830),
            wanted_until=date(2027, 6, 1),
            min_batch=Decimal(20),
            max_price=Decimal(0),
        )
        assert need.id

    def test_may_be_counted_by_mass(self):
        need = looked_for(quantity=Quantity(Decimal("1.5"), Unit.T), min_batch=Decimal("0.5"))
        assert (need.quantity, need.unit) == (Decimal("1.5"), Unit.T)

    @pytest.mark.parametrize(
        ("field", "more"),
        [
            ("title", {"title": ""}),
            ("category", {"category": "boomklomp"}),
            ("category", {"category": "asphalt_tar"}),
            ("substitutes", {"substitutes": ("door_exterior", "boomklomp")}),
            ("quantity", {"quantity": Quantity(Decimal(0), Unit.PIECE)}),
            ("unit", {"quantity": Quantity(Decimal(20), Unit.M3)}),
            ("length_max", {"length": (2020, 2019)}),
            ("width_min", {"width": (0, None)}),
            ("height_max", {"height": (None, 200_001)}),
            ("wanted_until", {"wanted_until": date(2027, 5, 31)}),
            ("max_km", {"max_km": 0}),
            ("new_eur", {"new_eur": Decimal(-1)}),
            ("max_price", {"max_price": Decimal("-0.01")}),
            ("min_batch", {"min_batch": Decimal(21)}),
            ("min_batch", {"min_batch": Decimal(0)}),
            ("min_batch", {"min_batch": Decimal("2.5")}),
        ],
    )
    def test_refuses_what_contradicts_itself(self, field, more):
        with pytest.raises(InvalidInputError) as refused:
            looked_for(**more)
        assert refused.value.field == field


class TestChangeNeed:
    def test_tells_only_what_changed(self):
        need = looked_for()
        actions.change_need(need=need, facts=need_facts(length=(2010, 2015), substitutes=("door_exterior",)), by=BY)
        assert told(f"need:{need.id}")[1:] == [
            (
                "need.changed",
                {
                    "length_max_from": 2020,
                    "length_max_to": 2015,
                    "substitutes_from": "",
                    "substitutes_to": "door_exterior",
                },
            )
        ]

    def test_tells_nothing_where_nothing_changed(self):
        need = looked_for()
        actions.change_need(need=need, facts=need_facts(), by=BY)
        assert len(told(f"need:{need.id}")) == 1


class TestRemoveNeed:
    def test_keeps_the_record_of_what_was_asked(self):
        need = looked_for()
        number = need.id
        actions.remove_need(need=need, by=BY)
        assert session.get(Need, number) is None
        assert told(f"need:{number}")[1][0] == "need.removed"

    def test_refuses_where_something_was_reserved_for_it(self):
        need, listing = looked_for(), make_listing()
        make_reservation(listing, make_organisation().id, 1, need_id=need.id, state=State.CANCELLED)
        with pytest.raises(ConflictError, match="gereserveerd"):
            actions.remove_need(need=need, by=BY)


@pytest.mark.parametrize(
    ("starts", "ends"), [(date(1900, 1, 1), date(2030, 1, 1)), (date(2026, 1, 1), date(2200, 1, 1))]
)
def test_a_project_of_another_age_would_squeeze_the_axis_of_all(context, starts, ends):
    with pytest.raises(InvalidInputError, match="15 jaar"):
        planned(starts_on=starts, ends_on=ends)
