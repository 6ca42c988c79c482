"""Every address of the portal answers each visitor as its class says."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from connector.models import OrderSync
from tenants.models import Tenant
from tests.tenants.access import CLASSES, VISITORS, classified
from tests.tenants.addresses import filled
from tests.tenants.test_outsider_walk import assert_tells_nothing
from tests.tenants.world import World

STATUSES = {200: "o", 400: "b", 403: "f", 404: "n", 405: "m", 415: "t"}
LOG_IN = ("/accounts/login/", "/admin/login/")


def letter(answer: Any) -> str:
    """What an answer is, in the table's letters."""
    if answer.status_code == 302:
        return "L" if answer.headers["Location"].startswith(LOG_IN) else "r"
    return STATUSES.get(answer.status_code, str(answer.status_code))


def expected(kind: str, method: str, visitor: str) -> str:
    return CLASSES[kind][method == "POST"][VISITORS.index(visitor)]


def tells_something(kind: str, method: str, visitor: str) -> bool:
    """Whether the request is worth its time.

    Each role may do what the one before it may, so those between two that get the same get it too. A list and a history
    are the same page by either method. The guard of a suspended organisation looks at no method.
    """
    got, posted = CLASSES[kind]
    of_all = posted if method == "POST" else got
    between = visitor in {"oscar", "adam"} and of_all[1] == of_all[4]
    place = VISITORS.index(visitor)
    twice = method == "POST" and kind in {"list", "row, read"} and visitor != "vera" and got[place] == "o"
    suspended = method == "POST" and visitor == "suspended" and got[place] == posted[place] == "f"
    return not between and not twice and not suspended


@pytest.mark.parametrize("visitor", VISITORS)
def test_it_answers_as_its_class_says(
    visitor: str, browser: Callable[[str], Client], acme: World, rival: World
) -> None:
    Tenant.objects.filter(pk=acme.tenant.pk).update(suspended=visitor == "suspended")
    client = browser("alice" if visitor == "suspended" else visitor)
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    before, wrong = acme.snapshot(), []
    for kind, route, entry in classified():
        address = filled(route, entry, acme)
        for method in ("GET", "POST"):
            if not tells_something(kind, method, visitor):
                continue
            client.cookies.load(cookies)  # a log-out takes them away
            with transaction.atomic():
                answer = client.generic(method, address)
                transaction.set_rollback(True)
            if letter(answer) != expected(kind, method, visitor):
                wrong.append((kind, method, address, letter(answer)))
            if visitor in {"anonymous", "charlie"}:
                assert_tells_nothing(answer, acme, address)
    assert not wrong
    assert acme.snapshot() == before
    assert OrderSync.objects.count() == 2
