"""A store that is not saved yet: what it says of itself, and which field is wrong when it does not answer."""

import pytest

from connector.flow.setup.connection_test import new_store, store_side
from connector.sandbox.bigcommerce.state import READ_SCOPES, Account
from tests.acme import STORE, Acme


def ask(acme: Acme, store_hash: str = STORE, token: str = "") -> new_store.Answer:
    return new_store.ask(acme.store.tenant, store_hash, token or acme.store.access_token)


def test_it_tells_who_it_is_and_what_its_account_may_do(acme: Acme) -> None:
    answer = ask(acme)
    facts = dict(answer.facts)
    assert (answer.refused, facts["Currency"], facts["Time zone"]) == ("", "EUR", "Europe/Amsterdam")
    assert facts["Prices"] == "entered including tax"
    assert facts["Orders of the last 30 days"].endswith(("order", "orders", "or more"))
    assert {finding.name for finding in answer.findings if finding.ok} >= READ_SCOPES


def test_each_failure_names_the_field_that_is_wrong(acme: Acme) -> None:
    assert ask(acme, token="of-another-store").field == "access_token"
    assert ask(acme, store_hash="../v2").field == "store_hash"
    acme.sandbox.stores.faults.add("503_html", times=-1)
    answer = ask(acme)
    assert answer.field == ""
    assert "try again in some minutes" in answer.refused


@pytest.mark.parametrize("scope", new_store.NEEDED)
def test_without_a_scope_that_everything_needs_it_cannot_be_used(acme: Acme, scope: str) -> None:
    known, left = acme.store, READ_SCOPES - {scope}
    account = Account(known.client_id, known.client_secret, known.access_token, scopes=left)
    acme.sandbox.stores.store(STORE).add_account(account)
    answer = ask(acme)
    assert (answer.field, scope in answer.refused) == ("access_token", True)


def test_without_a_scope_that_few_need_it_can_be_used(acme: Acme) -> None:
    known, left = acme.store, READ_SCOPES - {store_side.CUSTOMERS}
    account = Account(known.client_id, known.client_secret, known.access_token, scopes=left)
    acme.sandbox.stores.store(STORE).add_account(account)
    answer = ask(acme)
    assert (answer.refused, [finding.name for finding in answer.findings if finding.ok is False]) == (
        "",
        [store_side.CUSTOMERS],
    )
