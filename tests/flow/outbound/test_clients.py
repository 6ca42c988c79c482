"""Every client has a gate and a history, even for a store or grant without a row."""

from typing import Any

import pytest
from structlog.testing import capture_logs

from connector.clients import errors
from connector.clients.bigcommerce.client import BigCommerceClient
from connector.clients.transport import Call, Limits, Upstream
from connector.flow.clock import database_now
from connector.flow.outbound import clients
from connector.flow.outbound.rate_limits import STORE_WINDOW, NewStoreGate
from connector.flow.setup.provision.run import provision
from connector.flow.setup.provision.schema import Refused
from connector.models import ExactGrant, Store, SyncEvent
from connector.sandbox import Sandbox
from tenants.models import Tenant
from tests.acme import STORE, Acme


def history() -> list[str]:
    """The calls in the history, without what came back."""
    calls = SyncEvent.objects.filter(kind=SyncEvent.Kind.CALL).order_by("pk")
    return [text.partition(":")[0] for text in calls.values_list("text", flat=True)]


def ask_until_refused(client: BigCommerceClient) -> int:
    """Ask a store for its time, and count how often the gate lets that pass."""
    for count in range(40):
        try:
            client.time()
        except errors.RateLimited:
            return count
    return 40


def token(acme: Acme) -> str:
    """The access token of Acme's store."""
    return str(Store.objects.get(pk=acme.store.pk).access_token)


class TestATokenThatIsTried:
    """The client of a token that is not saved yet."""

    def test_its_call_is_in_the_tenants_history(self, acme: Acme) -> None:
        SyncEvent.objects.all().delete()
        clients.trial_client(acme.store.tenant, STORE, token(acme)).store()
        assert history() == ["GET v2/store"]

    def test_it_keeps_to_what_the_store_has_left_and_locks_no_row(self, acme: Acme) -> None:
        clients.trial_client(acme.store.tenant, STORE, token(acme)).store()
        row = Store.objects.filter(pk=acme.store.pk)
        row.update(calls_left=0, calls_limit=150, calls_end_at=database_now() + STORE_WINDOW)
        before = row.values().get()
        with pytest.raises(errors.RateLimited):
            clients.trial_client(acme.store.tenant, STORE, token(acme)).store()
        assert row.values().get() == before

    def test_what_another_tenants_store_has_left_stays_unknown(self, acme: Acme) -> None:
        other = Tenant.objects.create(slug="other", name="Other")
        Store.objects.update(calls_left=0, calls_limit=150, calls_end_at=database_now() + STORE_WINDOW)
        assert clients.trial_client(other, STORE, token(acme)).store().currency == "EUR"

    def test_without_a_tenant_its_call_is_in_the_log(self, acme: Acme) -> None:
        SyncEvent.objects.all().delete()
        with capture_logs() as logs:
            clients.trial_client(None, STORE, token(acme)).store()
        assert [(line["event"], line["upstream"]) for line in logs] == [("vendor_called", "bigcommerce")]
        assert token(acme) not in str(logs)
        assert history() == []


class TestAStoreWithoutARow:
    """The client of a store that is being provisioned."""

    def test_its_hooks_are_in_the_history_of_a_tenant_that_is_there(
        self, file: dict[str, Any], sandbox: Sandbox, db: None
    ) -> None:
        provision(file, with_hooks=True, tell=lambda line: None)
        assert "POST v3/hooks" in history()

    def test_its_gate_counts_what_the_answers_tell(self, acme: Acme) -> None:
        acme.sandbox.stores.quota = 30
        acme.sandbox.stores._window.clear()
        client = clients.store_client(Store(store_hash=STORE, access_token=token(acme)))
        assert ask_until_refused(client) <= 27

    def test_a_refusal_closes_its_gate(self, acme: Acme) -> None:
        gate = NewStoreGate()
        gate.before("v2/time")
        gate.after(Call(Upstream.BIGCOMMERCE, "GET", "v2/time", 429, 1, "RateLimited", Limits()))
        with pytest.raises(errors.RateLimited):
            gate.before("v2/time")


def test_the_calls_of_a_file_that_is_refused_were_made_all_the_same(acme: Acme) -> None:
    SyncEvent.objects.all().delete()
    acme.file["connections"][0]["journal"] = "9999"
    with pytest.raises(Refused):
        provision(acme.file, with_hooks=False, tell=lambda line: None)
    assert history()[0] == "GET v2/store"


def test_the_trade_of_a_code_is_in_the_history(acme: Acme) -> None:
    SyncEvent.objects.all().delete()
    with pytest.raises(errors.Reconnect):
        clients.exchange_code(ExactGrant.objects.get(), "of-nobody", "https://example.com/back")
    assert history() == ["POST oauth2/token"]
