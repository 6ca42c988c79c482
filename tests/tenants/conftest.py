"""The cast: Acme with one person of each role, Charlie's rival firm, and those who belong nowhere."""

import logging
import time
from collections.abc import Callable

import pytest
from django.test import Client

from tenants.models import Membership, Role, User
from tests.tenants.world import ACME, RIVAL, World, build, logged_in

IN_ACME = {
    "alice": Role.OWNER,
    "adam": Role.ACCOUNTANT,
    "oscar": Role.OPERATOR,
    "vera": Role.VIEWER,
}


@pytest.fixture(autouse=True)
def refusals_are_not_news(caplog: pytest.LogCaptureFixture) -> None:
    """A walk is refused a thousand times, and each time Django would log the way there."""
    caplog.set_level(logging.ERROR, "django.request")


@pytest.fixture
def people(db: None) -> dict[str, User]:
    """Everybody, by first name."""
    named = {name: User.objects.create_user(f"{name}@acme.example", "open-sesame-7") for name in IN_ACME}
    return named | {
        # Marked, like all that is the rival's.
        "charlie": User.objects.create_user(f"{RIVAL}@rival.example", "open-sesame-7", name=RIVAL),
        "nobody": User.objects.create_user("nobody@nowhere.example", "open-sesame-7"),
        "sue": User.objects.create_superuser("sue@platform.example", "open-sesame-7"),
    }


@pytest.fixture
def acme(people: dict[str, User]) -> World:
    """Alice's firm, with an accountant, an operator and a viewer."""
    world = build(ACME, people["alice"], order_id=1001)
    for name, role in IN_ACME.items():
        if name != "alice":
            Membership.objects.create(user=people[name], tenant=world.tenant, role=role)
    return world


@pytest.fixture
def rival(people: dict[str, User]) -> World:
    """Charlie's firm: what nobody of Acme may see."""
    return build(RIVAL, people["charlie"], order_id=2002)


@pytest.fixture
def browser(people: dict[str, User], acme: World, rival: World) -> Callable[[str], Client]:
    """A person's browser with Acme chosen; "anonymous" is not logged in."""

    def open_(name: str) -> Client:
        if name in {"anonymous", "nobody", "charlie"}:
            return logged_in(people.get(name))
        return logged_in(people[name], acme.tenant)

    return open_


@pytest.fixture
def wait(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Let so many seconds pass."""
    clock = time.time()
    monkeypatch.setattr(time, "time", lambda: clock)

    def pass_(seconds: float) -> None:
        nonlocal clock
        clock += seconds

    return pass_
