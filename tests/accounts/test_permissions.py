import pytest

from marketplace.accounts.permissions import NOBODY, Actor, Permission, Role

OURS, THEIRS = 7, 8

ALLOWED = {
    None: {Permission.PUBLIC},
    "no organisation": {Permission.PUBLIC, Permission.SIGNED_IN},
    Role.SITE: {Permission.PUBLIC, Permission.SIGNED_IN, Permission.HANDLE},
    Role.TRADER: {Permission.PUBLIC, Permission.SIGNED_IN, Permission.HANDLE, Permission.TRADE},
    Role.OWNER: set(Permission),
}


def actor(who):
    if who is None:
        return NOBODY
    return Actor(1, {OURS: who} if isinstance(who, Role) else {})


@pytest.mark.parametrize("who", ALLOWED, ids=str)
@pytest.mark.parametrize("permission", Permission)
class TestEveryRoleAndPermission:
    def test_is_allowed_exactly_what_the_table_says(self, who, permission):
        assert actor(who).may(permission) is (permission in ALLOWED[who])

    def test_holds_for_the_own_organisation(self, who, permission):
        assert actor(who).may(permission, OURS) is (permission in ALLOWED[who])

    def test_means_nothing_for_another_organisation(self, who, permission):
        of_nobody = {Permission.PUBLIC, Permission.SIGNED_IN}
        assert actor(who).may(permission, THEIRS) is (permission in ALLOWED[who] & of_nobody)


def test_the_table_of_this_test_names_every_role():
    assert set(Role) <= set(ALLOWED)


def test_a_role_in_one_organisation_lends_nothing_to_a_role_in_another():
    person = Actor(1, {OURS: Role.SITE, THEIRS: Role.OWNER})
    assert person.may(Permission.TRADE, THEIRS)
    assert not person.may(Permission.TRADE, OURS)
    assert person.organisations(Permission.HANDLE) == [OURS, THEIRS]
    assert person.organisations(Permission.TRADE) == [THEIRS]
