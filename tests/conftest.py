"""The cast and the stage: Acme, provisioned against a sandbox of its own.

It is provisioned over real HTTP once in each test process; every test has its own copy of what came of it.
"""

import gc
import os
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.cache import cache, caches
from django.db import transaction
from django.http import HttpRequest
from django.test import Client
from django.test.utils import override_settings
from pytest_django import DjangoDbBlocker
from pytest_django.fixtures import Settings

from connector.api import webhooks
from connector.flow import clock, stopping
from connector.flow.clock import database_now
from connector.flow.inbox.rejected_counts import Refusals
from connector.flow.setup.provision.ask_vendors import ask
from connector.flow.setup.provision.read_file import read_file
from connector.flow.setup.provision.run import provision
from connector.models import ExactGrant
from connector.sandbox import Sandbox
from tenants.accounts.sessions import SessionStore
from tenants.models import Role, Tenant, User
from tests.acme import Acme
from tests.admin.consent_at_exact import exchanges
from tests.factories import MembershipFactory
from tests.snapshot import Snapshot, read_tables

# Modules and tests are collected next, and stay.
gc.disable()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int | None:
    """One process more than there are cores: the tests of the product's processes wait most of their time."""
    if os.environ.get("PYTEST_XDIST_AUTO_NUM_WORKERS"):
        return None  # xdist's own variable decides
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the tests of the product's processes: they wait for minutes in all, while the others work."""
    items.sort(key=lambda item: "flow/worker" not in str(item.path))


def pytest_collection_finish() -> None:
    """What was imported stays: the garbage collector need not look through it after every few hundred objects."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    gc.enable()


@pytest.fixture(scope="session", autouse=True)
def cookies_with_secrets() -> Iterator[None]:
    """Django's browser of tests writes a session's key into its cookie; a real one has the secret."""

    def set_cookie(client: Client, request: HttpRequest) -> None:
        assert isinstance(request.session, SessionStore)
        client.cookies[settings.SESSION_COOKIE_NAME] = request.session.secret

    def session_of(client: Client) -> SessionStore:
        cookie = client.cookies.get(settings.SESSION_COOKIE_NAME)
        return SessionStore.of_cookie(cookie.value if cookie else None)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Client, "_set_login_cookies", set_cookie)
        patch.setattr(Client, "session", property(session_of))
        yield


@pytest.fixture(autouse=True)
def nothing_refused_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test was refused is counted by its process; the next one begins with none."""
    monkeypatch.setattr(webhooks, "refusals", Refusals())


@pytest.fixture(autouse=True)
def no_stop_is_asked_for() -> None:
    """A test may have asked its process to stop."""
    stopping.forget()


@pytest.fixture(autouse=True)
def cache_of_one_test() -> None:
    """Another test may have left entries about the same ids: a key belongs to one test."""
    caches.settings["default"]["KEY_PREFIX"] = cache.key_prefix = uuid4().hex


@pytest.fixture(scope="session")
def untouched() -> Snapshot:
    """A fake store and a fake Exact that nobody has called, and the provision file of Acme."""
    sandbox = Sandbox()
    sandbox.exact.set(minute_limit=10_000, day_limit=100_000)
    whole = sandbox.provision_file(password="alice-has-a-password")
    whole["stores"] = [store for store in whole["stores"] if store["store_hash"] == "nlshop1"]
    whole["connections"] = [c for c in whole["connections"] if c["store"] == "nlshop1"]
    whole["exact"][0]["divisions"] = [100001]
    return Snapshot.of(sandbox, whole)


@pytest.fixture(scope="session")
def provisioned(untouched: Snapshot, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Snapshot:
    """Acme provisioned with that file; nothing of it stays in the database."""
    with untouched.copy_sandbox() as sandbox, override_settings(**addresses(sandbox)), django_db_blocker.unblock():
        before = {table.name for table in read_tables()}
        with transaction.atomic():
            provision(untouched.file, with_hooks=True, tell=lambda line: None)
            made = [table for table in read_tables() if table.name not in before]
            answers = ask(read_file(untouched.file), lambda line: None)
            transaction.set_rollback(True)
    return Snapshot.of(sandbox, untouched.file, made, answers)


@pytest.fixture
def beginning(request: pytest.FixtureRequest) -> Snapshot:
    """What the test begins with: Acme provisioned, when it asks for Acme."""
    kept = request.getfixturevalue("provisioned" if "acme" in request.fixturenames else "untouched")
    assert isinstance(kept, Snapshot)
    return kept


@pytest.fixture
def sandbox(beginning: Snapshot, settings: Settings) -> Iterator[Sandbox]:
    """A fake store and a fake Exact, fresh for each test."""
    with beginning.copy_sandbox() as running:
        for name, address in addresses(running).items():
            setattr(settings, name, address)
        yield running


def addresses(sandbox: Sandbox) -> dict[str, str]:
    """The settings that lead to a sandbox."""
    return {"BIGCOMMERCE_API_URL": sandbox.store_url, "EXACT_ONLINE_URL": sandbox.exact_url}


@pytest.fixture
def file(beginning: Snapshot, sandbox: Sandbox) -> dict[str, Any]:
    """The provision file of one tenant with one store, nlshop1, on division 100001."""
    return deepcopy(beginning.file)


@pytest.fixture
def acme(beginning: Snapshot, sandbox: Sandbox, file: dict[str, Any], db: None, client: Client) -> Acme:
    """Acme as provisioned: live, immediate, printing."""
    if beginning.tables:
        beginning.write_rows()
    else:  # a test that asked for it late, having changed something
        provision(file, with_hooks=True, tell=lambda line: None)
    return Acme(sandbox, client, file, beginning.answers)


@pytest.fixture
def one_reading(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database's clock has been read, and is not read again: statements can be counted."""
    monkeypatch.setattr(clock, "READING_SERVES", 3600.0)
    monkeypatch.setattr(clock, "_last", clock._Last())
    database_now()


@pytest.fixture
def owner(acme: Acme) -> Client:
    """The owner's browser."""
    client = Client()
    client.force_login(User.objects.get(memberships__tenant=acme.store.tenant))
    return client


@pytest.fixture
def member(acme: Acme) -> Callable[[str, Tenant], Client]:
    """Make a browser of a new person with a role in an organisation."""

    def open_(role: str, tenant: Tenant) -> Client:
        email = f"second-{role}@{tenant.slug}.example"
        client = Client()
        client.force_login(MembershipFactory.create(tenant=tenant, role=Role(role), user__email=email).user)
        return client

    return open_


@pytest.fixture
def no_exchange(acme: Acme) -> Iterator[None]:
    """Nothing is exchanged at Exact, and the consent stays as it was."""
    before, calls = ExactGrant.objects.values().get(), exchanges(acme)
    yield
    assert ExactGrant.objects.values().get() == before
    assert exchanges(acme) == calls
