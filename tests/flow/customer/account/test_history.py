"""The history of an account that was made: what was written, and what Exact has otherwise than the store."""

from connector.domain.document.result import from_json
from connector.models import CustomerEvent
from connector.problems.catalogue import sentences
from tests.acme import DIVISION, Acme
from tests.flow.customer.ordering import ANNA, accounts_named, post


def test_a_new_account_stands_in_the_history_with_what_it_got(acme: Acme) -> None:
    post(acme, ANNA)
    (event,) = CustomerEvent.objects.all()
    assert (event.kind, event.origin, event.customer_key) == ("created", "order", "201")
    assert event.after["name"] == "Anna de Wit"
    assert event.after["address_line1"] == acme.order(ANNA)["billing_address"]["street_1"]
    assert event.problems == []
    assert event.account_id == accounts_named(acme, "NLS-201")[0]["ID"]


def test_a_name_that_is_too_long_and_an_invalid_number_post_the_order_and_are_said(acme: Acme) -> None:
    billing = acme.sandbox.stores.store("nlshop1").orders[ANNA].order["billing_address"]
    long = "Anna 🎉 " + "de Wit " * 70
    billing |= {"first_name": long, "last_name": "", "country_iso2": "XX"}
    billing["form_fields"] = [{"name": "VAT number", "value": "NL004495446B01"}]
    post(acme, ANNA)
    assert acme.document(ANNA).state == "posted"
    (account,) = accounts_named(acme, "NLS-201")
    assert str(account["Name"]).startswith("Anna 🎉 de Wit de Wit")
    assert len(str(account["Name"])) <= 50
    assert not account.get("VATNumber")
    said = sentences(from_json(CustomerEvent.objects.get(kind="created").problems))
    assert "Exact has the name as “Anna 🎉 de Wit" in said
    assert "Exact did not get the VAT number “NL004495446B01”." in said
    assert "Exact did not get the country “XX”." in said


def test_the_rules_give_a_new_account_its_payment_condition_and_vat_code(acme: Acme) -> None:
    acme.connection.account_rules = [
        {"when": {"country": ["NL"], "b2b": False}, "then": {"payment_condition": "30", "vat_code": "4"}}
    ]
    acme.connection.save(update_fields=["account_rules"])
    acme.sandbox.stores.store("nlshop1").orders[ANNA].order["customer_locale"] = "nl"
    post(acme, ANNA)
    with acme.sandbox.exact.lock:
        accounts = acme.sandbox.exact.divisions[DIVISION].table("crm/Accounts").values()
        account = next(row for row in accounts if row.get("SearchCode") == "NLS-201")
    assert (account["PaymentConditionSales"], account["SalesVATCode"], account["Language"]) == ("30", "4", "NL")
