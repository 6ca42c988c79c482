"""Exact's side of the connection test: consent, division, rights, and every code in use."""

import pytest

from connector.flow.setup.connection_test import exact_side, used_codes
from connector.flow.setup.connection_test.run import passed
from connector.models import Connection, ExactGrant, MappingRule
from tests.acme import DIVISION, Acme
from tests.flow.setup.connection_test.test_run import findings, wrong

GL_ACCOUNTS, VAT_CODES, JOURNALS = "financial/GLAccounts", "vat/VATCodes", "financial/Journals"


def remove(acme: Acme, endpoint: str, code: str) -> None:
    key = acme.sandbox.exact.id_of(DIVISION, endpoint, code)
    del acme.sandbox.exact.divisions[DIVISION].table(endpoint)[key]


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


def test_a_right_that_is_refused_again_and_again_is_not_asked_for_any_more(acme: Acme) -> None:
    acme.sandbox.exact.set(enforce_error_limit=True)
    acme.sandbox.exact.faults.add("403:scope", "GET", "*/logistics/Items", times=-1)
    for _ in range(7):
        found = wrong(acme)
    assert set(found) == {"right to read items"}
    assert "wait an hour" in found["right to read items"].what_to_do
    assert acme.exact_calls("*/logistics/Items") <= 6 + 1  # one by provisioning


def test_where_items_are_made_their_groups_and_units_are_read_and_the_right_to_make_them_is_named(acme: Acme) -> None:
    asked = acme.exact_calls("*/logistics/ItemGroups")
    assert "right to make items" not in {finding.name for finding in findings(acme)}
    assert acme.exact_calls("*/logistics/ItemGroups") == asked
    Connection.objects.update(item_strategy="sku_then_create", item_new_group="GOODS", item_new_unit="pc")
    found = {finding.name: finding for finding in findings(acme)}
    assert passed(found.values())
    assert {"right to read item groups", "right to read units", "item groups in use", "units in use"} <= set(found)
    assert found["right to make items"].ok is None
    acme.sandbox.exact.faults.add("403:scope", "GET", "*/logistics/ItemGroups")
    assert set(wrong(acme)) == {"right to read item groups"}


def test_a_unit_that_is_no_longer_in_use_is_named(acme: Acme) -> None:
    Connection.objects.update(item_strategy="sku_then_create", item_new_unit="gros")
    assert set(wrong(acme)) == {"units in use"}


def test_a_division_without_warehouses_has_no_direct_invoices(acme: Acme) -> None:
    Connection.objects.update(document="direct_invoice")
    acme.sandbox.exact.divisions[DIVISION].table("inventory/Warehouses").clear()
    found = wrong(acme)
    assert set(found) == {"direct invoices"}
    assert "Plus, Professional and Premium" in found["direct invoices"].text


def test_whether_the_edition_has_direct_invoices_is_said_to_be_unknown(acme: Acme) -> None:
    Connection.objects.update(document="direct_invoice")
    assert wrong(acme) == {}
    (hint,) = [each for each in findings(acme) if each.name == "direct invoices"]
    assert hint.ok is None
    assert "Its package is SANDBOX." in hint.text
    Connection.objects.update(document="sales_invoice")
    assert not [each for each in findings(acme) if each.name == "direct invoices"]
