"""A store and a division belong to one organisation, a prefix in use stays, and one connection of a store posts."""

import copy

import pytest

from connector.flow.setup.provision.schema import Refused
from connector.models import Connection, OrderSync, Store
from tenants.models import Tenant
from tests.acme import Acme
from tests.flow.setup.provision.test_apply import moved
from tests.flow.setup.provision.test_run import run


def test_another_tenants_store_is_refused(acme: Acme) -> None:
    theirs = {**copy.deepcopy(acme.file), "exact": [], "connections": [], "users": []}
    theirs["tenant"]["slug"] = "charlie"
    with pytest.raises(Refused, match="nlshop1 belongs to another tenant"):
        run(theirs)
    assert not Tenant.objects.filter(slug="charlie").exists()


def test_another_tenants_division_is_refused(acme: Acme) -> None:
    theirs = {**copy.deepcopy(acme.file), "stores": [], "connections": [], "users": []}
    theirs["tenant"]["slug"] = "charlie"
    theirs["exact"][0]["refresh_token"] = acme.sandbox.exact.issue_refresh_token()
    with pytest.raises(Refused, match="100001 belongs to another tenant"):
        run(theirs)
    assert not Tenant.objects.filter(slug="charlie").exists()


def test_a_prefix_is_frozen_after_the_first_document(acme: Acme) -> None:
    renamed = copy.deepcopy(acme.file)
    renamed["stores"][0]["prefix"] = "OTHER"
    acme.ring(1001)
    acme.drain()
    with pytest.raises(Refused, match="cannot change any more"):
        run(renamed)
    OrderSync.objects.all().delete()
    run(renamed)
    assert Store.objects.get().prefix == "OTHER"


def test_a_second_connection_that_posts_is_refused_by_name(acme: Acme) -> None:
    with pytest.raises(Refused, match="posts to division 100001 already"):
        run(moved(acme, None))
    assert Connection.objects.count() == 1
