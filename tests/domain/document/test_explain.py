"""Every reason and every text that a vendor is known to send has its plain sentence and its page."""

import re

import pytest

from connector.domain.document import explain as explaining
from connector.domain.document.explain import explain, explain_call, vendor_of
from connector.domain.document.explain_texts import PAGES, VENDOR_TEXTS
from connector.domain.document.states import BlockedReason, SkipReason
from tests.domain.books import HERE, read_json

GENERIC = {explain(BlockedReason.REJECTED), explain("")}

# Texts seen in public client logs of Exact Online, in Dutch and English, and the page that mends each.
TEXTS = {
    "Verplicht: Factuur voor": "customers",
    "Verplicht: Besteld door": "customers",
    "Mandatory: Invoice to": "customers",
    "Mandatory: Ordered by": "customers",
    "Ongeldige referentie: Leveren aan": "customers",
    "Ongeldige referentie: Besteld door": "customers",
    "Ongeldige referentie: Factuur voor": "customers",
    "Invalid reference: Deliver to": "customers",
    "Ongeldig: Factuur voor (Type)": "exact",
    "Invalid: Invoice to (Type)": "exact",
    "Ongeldige referentie: Journals": "connection",
    "Invalid reference: Journals": "connection",
    "Invalid: Journal (type).": "connection",
    "Ongeldig: Dagboek (Soort).": "connection",
    "Ongeldige referentie: Dagboek": "connection",
    "Gegeven bestaat reeds.": "exact",
    "Data already exists": "exact",
    "Verkoopordernummer: Bestaat reeds": "exact",
    "Sales order number: Already exists": "exact",
    "Verplicht: Boekjaar": "exact",
    "Unknown: Fiscal year (Period - date table).": "exact",
    "The financial year cannot be changed.": "exact",
    "Het boekjaar kan niet worden gewijzigd.": "exact",
    "Mandatory: Fiscal year": "exact",
    "Onbekend: Boekjaar (Periode - datumtabel).": "exact",
    "Mandatory: Payment condition": "rules",
    "Verplicht: Betalingsconditie": "rules",
    "Invalid: VAT percentage []": "vat_rules",
    "Ongeldig: BTW-percentage []": "vat_rules",
    "Ongeldige referentie: BTW-code": "vat_rules",
    "Invalid: Email []": "bigcommerce",
    "Ongeldig: E-mail []": "bigcommerce",
    "Kan niet verwijderen: Relatie - Gebruikt in: Documenten": "exact",
    "Cannot delete: Account - Used in: Documents": "exact",
    "Reeds verwerkt": "exact",
    "Already processed": "exact",
    "Factuurnummer verplicht": "exact",
    "Ongeldige referentie: Grootboekrekening": "rules",
    "Ongeldig: Grootboekrekening (Geblokkeerd)": "rules",
    "Verplicht: Kostenplaats": "rules",
    "Mandatory: Cost centre": "rules",
    "Ongeldig: Artikel (Einddatum)": "connection",
    "Invalid reference: Item": "connection",
    "Ongeldige referentie: Lay-out": "connection",
    "Invalid reference: Layout": "connection",
    "Ongeldig: Valuta": "exact",
    "Mandatory: Invoice number": "exact",
    "Mandatory: G/L account": "rules",
    "Ongeldig: BTW-percentage []; Verplicht: Betalingsconditie": "rules",
    "A problem has occurred. The cause of this issue will be investigated as soon as possible.": "ledger",
    "Er is een probleem opgetreden. De oorzaak wordt zo spoedig mogelijk onderzocht.": "ledger",
    "Error processing request stream. The request should be a valid top-level resource object.": "ledger",
    "Error processing request stream. The property name 'X' specified for type 'Exact.Web.Api.Models.Y' is not "
    "valid.": "ledger",
    "Error encountered in converting the value from request payload for property 'OrderedBy' to type 'Guid'": "ledger",
    "This $filter parameter is not supported for this resource": "ledger",
    "Filtering on these fields is not supported: Remarks": "ledger",
    "This endpoint has mandatory filtering applied. A GET request for this endpoint must have a $filter parameter "
    "with one of the following fields in the url: ID": "ledger",
    "Forbidden - Application Scope Violated. Cannot read 'organization.administration' scope.": "grant",
    "Rate limit exceeded: access_token not expired": "ledger",
    "Old refresh token used.": "grant",
    "The refresh token expired at 11/3/2021 2:50:46 PM and it is now 7/31/2022 7:45:12 PM.": "grant",
    "Refresh token is invalid.": "grant",
    "Failed to execute the ExtractVariables: ExtractAccessToken": "ledger",
    "Unable to identify proxy for host: start.exactonline.nl:443 and url: /api/oauth2/token": "ledger",
}
REASONS = {
    "BlockedUser": "grant",
    "InactiveUser": "grant",
    "BlockedCustomer": "exact",
    "LicenseExpired": "exact",
    "DivisionBlocked": "exact",
    "NoDivisionAccess": "grant",
}
# Our own sentences, which say more than the reason they come with.
OWN = [
    (BlockedReason.MAPPING, "No rule chooses a GL account for the line of Teapot.", "rules"),
    (BlockedReason.MAPPING, "GL account 8000 for the line of Teapot is not in the division.", "rules"),
    (BlockedReason.MAPPING, "VAT code 2 for the line of Teapot (VAT rule 1) is not in the division.", "vat_rules"),
    (BlockedReason.MAPPING, "No VAT rule chooses a code for the line of Teapot at 21 %.", "vat_rules"),
    (BlockedReason.MAPPING, "Journal 70 is not in the division.", "connection"),
    (BlockedReason.MAPPING, "The division has no invoice template 'Webshop'.", "connection"),
    (BlockedReason.MAPPING, "Payment condition 30 for PayPal is not in the division.", "rules"),
    (BlockedReason.ITEM, "Item TEA for the line of Teapot is not in the division.", "exact"),
    (BlockedReason.ITEM, "No item is set for the line of Teapot. Choose one in the settings.", "connection"),
    (BlockedReason.CUSTOMER, "Account 12 has the e-mail address of this customer and is blocked in Exact.", "exact"),
    (BlockedReason.CUSTOMER, "2 accounts in Exact have the same VAT number: 1, 2.", "customers"),
    (BlockedReason.CUSTOMER, "The guest left no e-mail address.", "bigcommerce"),
    (BlockedReason.CUSTOMER, "The division has no account '7'. Choose another collective account.", "connection"),
    (BlockedReason.CURRENCY, "Exact has no exchange rate for USD on the day of invoice 7: it counts 9 USD …", "exact"),
    (BlockedReason.CURRENCY, "Amounts in KWD have 3 decimals, and the division keeps 2 of them.", "exact"),
    (BlockedReason.PERIOD, "Exact has no financial period for 2026-01-05. Make or open it in Exact …", "exact"),
    (BlockedReason.PERIOD, "Exact refused a document dated in the period … so it counts as closed.", "connection"),
    (BlockedReason.TOTALS, "Exact made invoice 7 otherwise than meant: total 1 in Exact, 2 meant.", "connection"),
    (BlockedReason.TOTALS, "Exact has other amounts in invoice 7: total 1, 2 meant. It is final in Exact.", "exact"),
    (BlockedReason.TOTALS, "The order's lines add up to 10, but its total is 11 EUR.", "bigcommerce"),
    (BlockedReason.INTERNAL, "BigCommerce refused the right to do this; the API account needs the scope x", "store"),
    ("", "BigCommerce refused the access token (v2/orders/{id}, HTTP 401)", "store"),
    ("", "Exact is not available (salesinvoice/SalesInvoices, HTTP 503)", "ledger"),
]


@pytest.mark.parametrize("reason", [*BlockedReason, *SkipReason])
def test_every_reason_is_explained(reason: str) -> None:
    told = explain(reason, "")
    assert told not in {explain("")}
    assert told.where in PAGES
    assert told.what_happened.endswith(".")
    assert told.who.endswith(".")


@pytest.mark.parametrize(("text", "where"), TEXTS.items())
def test_every_text_of_exact_is_explained(text: str, where: str) -> None:
    message = f"Exact refused the request (salesinvoice/SalesInvoices, HTTP 500): {text}. Mend the cause, then re-post."
    told = explain(BlockedReason.REJECTED, message)
    assert told not in GENERIC
    assert told.where == where
    assert told == explain("", text), "the text alone says the same"


@pytest.mark.parametrize(("reason", "where"), REASONS.items())
def test_every_reason_of_a_403_is_explained(reason: str, where: str) -> None:
    message = f"Exact refused the right to do this: {reason} (crm/Accounts, HTTP 403): Forbidden - {reason}"
    told = explain(BlockedReason.INTERNAL, message)
    assert told == explain("", reason)
    assert told not in {explain(BlockedReason.INTERNAL), explain("")}
    assert told.where == where


def test_the_reasons_of_a_403_have_a_sentence_each() -> None:
    assert len({explain("", reason) for reason in REASONS}) == len(REASONS)


def test_a_scope_alone_is_known_as_one() -> None:
    assert explain("", "organization.administration").where == "grant"
    assert "scope" in explain("", "organization.administration").what_happened


@pytest.mark.parametrize(("reason", "message", "where"), OWN)
def test_our_own_messages_lead_to_the_page_that_mends_them(reason: str, message: str, where: str) -> None:
    assert explain(reason, message).where == where


@pytest.mark.parametrize("text", TEXTS)
def test_a_failed_call_is_told_in_the_same_words(text: str) -> None:
    message = f"POST salesinvoice/SalesInvoices: Rejected: Exact refused (salesinvoice/SalesInvoices, HTTP 500): {text}"
    assert explain_call(message) == explain("", text).what_happened


@pytest.mark.parametrize(
    ("message", "vendor"),
    [
        ("Exact refused the request (crm/Accounts, HTTP 400): Verplicht: Naam", "Exact"),
        ("BigCommerce is not available (v2/orders/{id}, HTTP 503)", "BigCommerce"),
        ("GL account 8000 for the line of Teapot is not in the division.", ""),
        ("Exact computes other amounts for invoice 7: total 1 in Exact, 2 meant.", ""),
        ("", ""),
    ],
)
def test_a_vendors_own_words_are_told_from_ours(message: str, vendor: str) -> None:
    assert vendor_of(message) == vendor


def test_who_has_to_do_nothing_is_not_asked_for() -> None:
    assert not explain(SkipReason.ZERO).needs_person
    assert explain(BlockedReason.MAPPING).needs_person
    assert all(explain(reason).needs_person for reason in BlockedReason)


def test_what_nobody_knows_gets_a_sentence_too() -> None:
    assert explain("no such reason", "no such text") == explain("")
    assert explain(BlockedReason.REJECTED, "Iets onbekends") == explain(BlockedReason.REJECTED)


def test_tables_only_name_pages_that_exist() -> None:
    tables = [VENDOR_TEXTS, *explaining._OWN.values()]
    assert {explanation.where for table in tables for _, explanation in table} <= PAGES


HELD_ORDERS = [
    (folder.name, problem["reason"], problem["text"])
    for folder in sorted((HERE / "cases").iterdir())
    for problem in read_json(folder / "expected.json").get("held", [])
]
HELD_REFUNDS = [
    (folder.name, outcome["held"])
    for folder in sorted((HERE / "credits").glob("*/"))
    for outcome in read_json(folder / "expected.json")
    if "held" in outcome
]


@pytest.mark.parametrize(("name", "reason", "text"), HELD_ORDERS)
def test_each_held_order_of_the_cases_names_a_figure_or_code_and_a_page(name: str, reason: str, text: str) -> None:
    assert re.search(r'\d|"|in [A-Z]{3}\b', text)
    told = explain(reason, text)
    assert told.needs_person
    assert told.where in {"rules", "vat_rules", "connection", "exact", "bigcommerce"}


@pytest.mark.parametrize(("name", "text"), HELD_REFUNDS)
def test_each_held_refund_of_the_cases_is_told_as_a_refund(name: str, text: str) -> None:
    told = explain(BlockedReason.TOTALS, text)
    assert "credit note" in told.what_happened
    assert told.where in {"exact", "connection"}


@pytest.mark.parametrize(
    "text",
    ["The payments come to 20.00 EUR (gateway 20.00), and the invoice is 17.90.", "A payment is in USD, and the …"],
)
def test_a_payment_that_does_not_fit_is_booked_by_hand(text: str) -> None:
    assert explain(BlockedReason.TOTALS, text).where == "exact"
