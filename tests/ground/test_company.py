"""A company administrator reaches his own people only, and never himself."""

import pytest

from daliz.ground.staff.actor import Actor, NotAllowedError, Role
from daliz.ground.staff.company import admit_colleague, colleagues_of, let_administer, let_go, take_back
from daliz.ground.staff.models import User
from daliz.ground.staff.queries import actor_of
from tests.ground.cast import NOON, PASSWORD, a_person, acting

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss() -> Actor:
    return acting("boss", Role.DECLARANT, Role.COMPANY_ADMINISTRATOR, organisation="ours")


def admitted(boss: Actor, login: str = "dana") -> User:
    return admit_colleague(
        login=login, name="Dana", email="", lang="kk", password=PASSWORD, actor=boss, now=NOON
    )


def test_a_colleague_declares_for_the_same_organisation_and_administers_nothing(boss: Actor) -> None:
    dana = actor_of(admitted(boss), now=NOON)
    assert (dana.organisation, dana.has(Role.DECLARANT)) == ("ours", True)
    assert not dana.has(Role.COMPANY_ADMINISTRATOR)
    with pytest.raises(NotAllowedError):
        admitted(dana, "eve")
    assert [user.login for user in colleagues_of(dana)] == ["boss", "dana"]


def test_administering_is_given_and_taken(boss: Actor) -> None:
    dana = admitted(boss)
    let_administer(user=dana, administers=True, actor=boss, now=NOON)
    assert actor_of(dana, now=NOON).has(Role.COMPANY_ADMINISTRATOR)
    let_administer(user=dana, administers=False, actor=boss, now=NOON)
    assert not actor_of(dana, now=NOON).has(Role.COMPANY_ADMINISTRATOR)


def test_people_of_another_organisation_and_staff_are_out_of_reach(boss: Actor) -> None:
    theirs = a_person("theirs", Role.DECLARANT, organisation="other")
    staff = a_person("aigul", Role.OFFICER)
    for user in (theirs, staff):
        with pytest.raises(NotAllowedError, match="another organisation"):
            let_go(user=user, actor=boss, now=NOON)
    assert boss.user_id is not None
    with pytest.raises(NotAllowedError, match="to himself"):
        let_go(user=User.objects.get(pk=boss.user_id), actor=boss, now=NOON)
    nobody = acting("nobody", Role.COMPANY_ADMINISTRATOR)
    with pytest.raises(NotAllowedError, match="belongs to one"):
        let_go(user=staff, actor=nobody, now=NOON)


def test_who_is_let_go_is_out_at_once_and_may_be_taken_back(boss: Actor) -> None:
    dana = admitted(boss)
    let_go(user=dana, actor=boss, now=NOON)
    assert not User.objects.get(pk=dana.pk).is_active
    take_back(user=dana, actor=boss, now=NOON)
    assert User.objects.get(pk=dana.pk).is_active
