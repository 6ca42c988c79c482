"""The connection test reports what works, and names everything that is broken and how to fix it."""

from typing import Any

import pytest

from connector.flow.setup.connection_test import exact_side, used_codes
from connector.flow.setup.connection_test.findings import EXACT_SIDE, STORE_SIDE, Finding
from connector.flow.setup.connection_test.run import check, passed
from connector.models import Connection, ExactGrant, MappingRule, Store, SyncEvent
from connector.sandbox.bigcommerce.state import READ_SCOPES, Account
from tests.acme import DIVISION, STORE, Acme

GL_ACCOUNTS, VAT_CODES, JOURNALS = "financial/GLAccounts", "vat/VATCodes", "financial/Journals"


def findings(acme: Acme) -> list[Finding]:
    return check(Connection.objects.get(pk=acme.connection.pk))


def wrong(acme: Acme) -> dict[str, Finding]:
    """What is broken, by name. Everything says what to do."""
    found = findings(acme)
    assert all(finding.text and finding.what_to_do for finding in found)
    return {finding.name: finding for finding in found if finding.ok is False}


def remove(acme: Acme, endpoint: str, code: str) -> None:
    key = acme.sandbox.exact.id_of(DIVISION, endpoint, code)
    del acme.sandbox.exact.divisions[DIVISION].table(endpoint)[key]


def scopes(acme: Acme, *without: str) -> None:
    store = acme.store
    left = READ_SCOPES - set(without)
    acme.sandbox.stores.store(STORE).add_account(
        Account(store.client_id, store.client_secret, store.access_token, scopes=left)
    )


def test_all_is_well_and_everything_is_named(acme: Acme) -> None:
    found = findings(acme)
    assert passed(found)
    assert [finding for finding in found if finding.ok is not True] == []
    names = {finding.name for finding in found}
    assert {"token", "store", "currency", "price basis", "plan", "clock", "user", "region", "division"} <= names
    assert names >= READ_SCOPES
    assert {"hook store/order/created", "hook store/order/updated"} <= names
    rights = {name.removeprefix("right to read ") for name in names if name.startswith("right to read ")}
    assert {"accounts", "items", "journals", "VAT codes", "GL accounts", "cost centres", "invoices"} <= rights
    assert "invoice templates" in rights
    reported = " ".join(finding.text for finding in found)
    assert "450 calls are allowed in 30 s" in reported
    assert "Prices are entered including tax" in reported
    assert "Robin Zandbak" in reported


def test_it_reads_only_and_asks_little(acme: Acme) -> None:
    store_calls, exact_calls = acme.store_calls(), acme.exact_calls()
    findings(acme)
    assert acme.store_calls() - store_calls <= 10
    assert acme.exact_calls() - exact_calls <= 25
    assert all(call.method == "GET" for call in list(acme.sandbox.exact.calls)[exact_calls:] if "/v1/" in call.path)
    assert SyncEvent.objects.filter(text__startswith="GET v2/time").exists()


@pytest.mark.parametrize("scope", sorted(READ_SCOPES - {"store_v2_products_read_only"}))
def test_a_missing_scope_is_named(acme: Acme, scope: str) -> None:
    scopes(acme, scope)
    found = wrong(acme)
    assert set(found) == {scope}
    assert found[scope].page == "store"


def test_the_products_scope_is_a_hint_until_a_rule_needs_it(acme: Acme) -> None:
    scope = "store_v2_products_read_only"
    scopes(acme, scope)
    assert wrong(acme) == {}
    assert [finding.ok for finding in findings(acme) if finding.name == scope] == [None]
    MappingRule.objects.filter(priority=10).update(when={"category": ["Books"]})
    assert set(wrong(acme)) == {scope}


def test_a_refused_store_token_ends_the_store_side_and_not_the_other(acme: Acme) -> None:
    acme.sandbox.stores.store(STORE).remove_account(acme.store.client_id)
    found = findings(acme)
    (only,) = [finding for finding in found if finding.side == STORE_SIDE]
    assert (only.name, only.ok, only.page) == ("token", False, "store")
    assert "API account" in only.what_to_do
    assert all(finding.ok for finding in found if finding.side == EXACT_SIDE)


def test_a_store_after_a_refusal_is_reported_even_when_its_token_works(acme: Acme) -> None:
    Store.objects.update(state="reconnect")
    assert set(wrong(acme)) == {"token"}


@pytest.mark.parametrize("damage", ["missing", "inactive", "secret"])
def test_hooks_must_be_there_active_and_ours(acme: Acme, damage: str) -> None:
    hooks = acme.sandbox.stores.store(STORE).hooks
    number = next(number for number, hook in hooks.items() if hook["scope"] == "store/order/updated")
    if damage == "missing":
        del hooks[number]
    elif damage == "inactive":
        hooks[number]["is_active"] = False
    else:
        hooks[number]["headers"] = {"X-Connector-Secret": "another"}
    found = wrong(acme)
    assert set(found) == {"hook store/order/updated"}
    assert "Repair" in found["hook store/order/updated"].what_to_do


def test_without_a_public_address_no_hook_is_made(acme: Acme, settings: Any) -> None:
    settings.PUBLIC_URL = ""
    assert "PUBLIC_URL" in wrong(acme)["hooks"].text


def test_a_changed_fact_of_the_store_is_reported(acme: Acme) -> None:
    Store.objects.update(currency="USD", prices_include_tax=False)
    found = wrong(acme)
    assert set(found) == {"currency", "price basis"}
    assert "USD" in found["currency"].text


def test_clocks_that_differ_are_reported_and_hours_of_time_zone_are_not(acme: Acme) -> None:
    acme.sandbox.stores.advance(-290)
    acme.sandbox.exact.advance(290)
    reported = [finding.text for finding in findings(acme) if finding.name == "clock"]
    assert "ahead of BigCommerce" in reported[0]
    assert "behind Exact" in reported[1]


def test_a_revoked_consent_is_one_finding(acme: Acme) -> None:
    acme.sandbox.exact.revoke()
    ExactGrant.objects.update(access_token="", access_expires_at=None)
    found = wrong(acme)
    assert set(found) == {"token"}
    assert found["token"].page == "grant"
    calls = acme.exact_calls("*")
    assert set(wrong(acme)) == {"token"}
    assert acme.exact_calls("*") == calls


@pytest.mark.parametrize(
    ("reason", "name", "word"),
    [
        ("BlockedUser", "user", "user"),
        ("InactiveUser", "user", "no longer active"),
        ("BlockedCustomer", "licence", "subscription"),
        ("LicenseExpired", "licence", "expired"),
        ("DivisionBlocked", "division", "division"),
        ("NoDivisionAccess", "division", "may not see"),
    ],
)
def test_the_reason_of_a_403_is_a_plain_sentence_and_ends_the_test(
    acme: Acme, reason: str, name: str, word: str
) -> None:
    acme.sandbox.exact.faults.add(f"403:{reason}", "GET", "*/crm/Accounts", times=-1)
    calls = acme.exact_calls("*/logistics/Items")
    found = wrong(acme)
    assert set(found) == {name}
    assert word in found[name].text
    assert acme.exact_calls("*/logistics/Items") == calls


def test_a_division_that_the_consent_does_not_reach_ends_the_test(acme: Acme) -> None:
    for consent in acme.sandbox.exact.oauth.grants.values():
        consent.divisions = frozenset({200002})
    found = wrong(acme)
    assert set(found) == {"division"}
    assert found["division"].page == "grant"


def test_an_app_without_the_administration_scope_still_passes(acme: Acme) -> None:
    for path in ("*/current/Me", "*/system/Divisions"):
        acme.sandbox.exact.faults.add("403:scope", "GET", path, times=-1)
    found = findings(acme)
    assert passed(found)
    assert {finding.name for finding in found if finding.ok is None} == {
        "right to read user",
        "right to read divisions",
    }


@pytest.mark.parametrize(
    ("path", "what"),
    [
        ("crm/Accounts", "accounts"),
        ("logistics/Items", "items"),
        (JOURNALS, "journals"),
        (VAT_CODES, "VAT codes"),
        (GL_ACCOUNTS, "GL accounts"),
        ("hrm/Costcenters", "cost centres"),
        ("salesinvoice/SalesInvoices", "invoices"),
        ("salesinvoice/Layouts", "invoice templates"),
    ],
)
def test_a_missing_right_is_named_with_its_scope(acme: Acme, path: str, what: str) -> None:
    acme.sandbox.exact.faults.add("403:scope", "GET", f"*/{path}", times=-1)
    found = wrong(acme)
    assert set(found) == {f"right to read {what}"}
    assert "organization.administration" in found[f"right to read {what}"].text


def test_a_right_that_nothing_needs_is_a_hint(acme: Acme) -> None:
    acme.sandbox.exact.faults.add("403:scope", "GET", "*/hrm/Costcenters", times=-1)
    MappingRule.objects.update(cost_center="")
    found = findings(acme)
    assert passed(found)
    assert [finding.name for finding in found if finding.ok is None] == ["right to read cost centres"]


def test_a_gl_account_that_is_gone_or_blocked_is_named_with_its_rule(acme: Acme) -> None:
    remove(acme, GL_ACCOUNTS, "8000")
    found = wrong(acme)["GL accounts in use"]
    assert "8000" in found.text
    assert "mapping rule" in found.text
    assert found.page == "rules"


def test_blocked_codes_are_named(acme: Acme) -> None:
    exact = acme.sandbox.exact
    exact.change(DIVISION, GL_ACCOUNTS, exact.id_of(DIVISION, GL_ACCOUNTS, "8000"), IsBlocked=True)
    vat_code = next(use.code for use in used_codes.used_codes(acme.connection) if use.kind == "vat_code")
    exact.change(DIVISION, VAT_CODES, exact.id_of(DIVISION, VAT_CODES, vat_code), IsBlocked=True)
    exact.change(DIVISION, "logistics/Items", exact.id_of(DIVISION, "logistics/Items", "WEBSHOP"), IsSalesItem=False)
    found = wrong(acme)
    assert set(found) == {"GL accounts in use", "VAT codes in use", "items in use"}
    assert found["VAT codes in use"].page == "vat_rules"
    assert "not a sales item" in found["items in use"].text


def test_a_code_that_was_never_pulled_is_reported_even_when_exact_has_it(acme: Acme) -> None:
    acme.connection.division.master_data.filter(kind="gl_account", code="8000").delete()
    assert "pulls the master data" in wrong(acme)["GL accounts in use"].what_to_do


def test_in_a_long_list_the_rest_is_known_from_the_last_pull(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exact_side, "MOST_READ", 1)
    assert wrong(acme) == {}


def test_journal_and_template_of_the_connection_are_looked_up(acme: Acme) -> None:
    Connection.objects.update(journal="999", invoice_template="Gone")
    found = wrong(acme)
    assert set(found) == {"journals in use", "invoice templates in use"}
    assert {finding.page for finding in found.values()} == {"connection"}


@pytest.mark.parametrize("fault", ["503_html", "200_html", "429_minute", "429_day", "close_before", "401"])
def test_a_vendor_in_trouble_is_a_finding_and_never_an_exception(acme: Acme, fault: str) -> None:
    acme.sandbox.exact.faults.add(fault, "*", "*/api/v1/*", times=-1)
    acme.sandbox.stores.faults.add(fault, times=-1)
    found = wrong(acme)
    assert len(found) in {1, 2}
    assert {finding.side for finding in findings(acme)} == {STORE_SIDE, EXACT_SIDE}


def test_a_right_that_is_refused_again_and_again_is_not_asked_for_any_more(acme: Acme) -> None:
    acme.sandbox.exact.set(enforce_error_limit=True)
    acme.sandbox.exact.faults.add("403:scope", "GET", "*/logistics/Items", times=-1)
    for _ in range(7):
        found = wrong(acme)
    assert set(found) == {"right to read items"}
    assert "wait an hour" in found["right to read items"].what_to_do
    assert acme.exact_calls("*/logistics/Items") <= 6 + 1  # one by provisioning


def test_credentials_that_cannot_be_decrypted_are_a_finding(acme: Acme, settings: Any) -> None:
    settings.SALT_KEY = ["another-key"]
    assert "credentials" in wrong(acme)


def test_every_code_is_asked_for_once(acme: Acme) -> None:
    used = used_codes.used_codes(acme.connection)
    assert len({(use.kind, use.code) for use in used}) == len(used)
    assert {"journal", "gl_account", "item", "vat_code"} <= {use.kind for use in used}
    assert all(use.code and use.place for use in used)
