"""A small shop whose every order is posted, and its books.

To post them takes a second. So they are posted once for the tests of half a minute, each of which gets a copy.
"""

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.test.utils import override_settings
from pytest_django import DjangoDbBlocker

from connector.sandbox.bigcommerce.state import Store
from tests.acme import STORE, Acme
from tests.conftest import addresses
from tests.snapshot import Snapshot, read_tables

KEPT = range(1001, 1013)
SERVES_FOR = timedelta(seconds=30)
"""No moment in a copy is moved, since hashes stand over them: the copy must be young, as if just posted."""
_last: list[Snapshot] = []  # the process's


@pytest.fixture
def beginning(beginning: Snapshot, request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker) -> Snapshot:
    """What the test begins with: Acme with twelve posted orders, when it asks for them."""
    if "posted" not in request.fixturenames:
        return beginning
    if not _last or _last[0].age > SERVES_FOR:
        with django_db_blocker.unblock():
            _last[:] = [_post(beginning)]
    return _last[0]


@pytest.fixture
def posted(acme: Acme) -> Acme:
    """Acme with twelve orders, all of them posted. What follows a sale is credited by itself."""
    return acme


def shop_of(acme: Acme) -> Store:
    return acme.sandbox.stores.store(STORE)


def _post(provisioned: Snapshot) -> Snapshot:
    """Post the orders after provisioning; nothing of it stays in the database."""
    with provisioned.copy_sandbox() as sandbox, override_settings(**addresses(sandbox)):
        before = {table.name for table in read_tables()}
        with transaction.atomic():
            provisioned.write_rows()
            acme = Acme(sandbox, Client(), provisioned.file, provisioned.answers)
            acme.configure(refunds="credit", cancellations="credit", edits="credit_and_repost")
            shop = shop_of(acme)
            for order_id in [number for number in shop.orders if number not in KEPT]:
                shop.delete(order_id)
            shop.refunds.clear()
            for order_id in KEPT:
                acme.ring(order_id)
            acme.drain(20)
            made = [table for table in read_tables() if table.name not in before]
            transaction.set_rollback(True)
    return Snapshot.of(sandbox, provisioned.file, made, provisioned.answers, moves=False)
