"""The cast and the stage: Acme, provisioned against a sandbox of its own, over real HTTP."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from connector.api import webhooks
from connector.flow.inbox.rejected_counts import Refusals
from connector.flow.setup.provision.run import provision
from connector.sandbox import Sandbox
from tests.acme import Acme


@pytest.fixture(autouse=True)
def nothing_refused_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test was refused is counted by its process; the next one begins anew."""
    monkeypatch.setattr(webhooks, "refusals", Refusals())


@pytest.fixture
def sandbox(settings: Settings) -> Iterator[Sandbox]:
    """A fake store and a fake Exact, fresh for each test."""
    with Sandbox() as running:
        running.exact.set(minute_limit=10_000, day_limit=100_000)
        settings.BIGCOMMERCE_API_URL = running.store_url
        settings.EXACT_ONLINE_URL = running.exact_url
        yield running


@pytest.fixture
def file(sandbox: Sandbox) -> dict[str, Any]:
    """The provision file of one tenant with one store, nlshop1, on division 100001."""
    whole = sandbox.provision_file(password="alice-has-a-password")
    whole["stores"] = [store for store in whole["stores"] if store["store_hash"] == "nlshop1"]
    whole["connections"] = [c for c in whole["connections"] if c["store"] == "nlshop1"]
    whole["exact"][0]["divisions"] = [100001]
    return whole


@pytest.fixture
def acme(sandbox: Sandbox, file: dict[str, Any], db: None, client: Client) -> Acme:
    """Acme as provisioned: live, immediate, printing."""
    provision(file, with_hooks=True, tell=lambda line: None)
    return Acme(sandbox, client, file)
