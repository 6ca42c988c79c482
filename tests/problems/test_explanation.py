"""Every reason and every text that a vendor is known to send has its plain sentence and its page."""

import re

import pytest

from connector.domain.document.codes import Code
from connector.domain.document.result import Problem, from_json, problem
from connector.domain.document.states import BlockedReason, SkipReason
from connector.problems.catalogue import BY_REASON, EXACT, STORE, explain, explain_call, explain_right, sentence
from connector.problems.explanation import PAGES, Explanation
from connector.problems.vendor_texts import RIGHTS, VENDOR_TEXTS
from tests.domain.books import HERE, read_json

GENERIC = {explain(Code.REFUSED, {}), explain("", {})}


def refused(text: str) -> Problem:
    return problem(Code.REFUSED, vendor=EXACT, text=text, error=f"Exact refused the request: {text}", stands="")


def explanation_of(found: Problem) -> Explanation:
    return explain(found.code, found.params)


# Texts seen in public client logs of Exact Online, in Dutch and English, and the page where each is put right.
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
    "Niet toegestaan: Btw-code": "vat_rules",
    "Not allowed: VAT code": "vat_rules",
    "Ongeldig: Btw-nummer": "bigcommerce",
    "Invalid: VAT number": "bigcommerce",
    "In gebruik: Boekstuknummer": "exact",
    "In use: Entry number": "exact",
    "Entry number: Already in use": "exact",
    "Periode is afgesloten: 2026 - 11": "exact",
    "Period is closed: 2026 - 11": "exact",
    "De boeking is niet in evenwicht op: 2026 / 11 (Type: Verkoopboeking) - Verschil: EUR -0,01": "connection",
    "The entry is not in balance on: 2026 / 11 (Type: Sales entry) - Difference: EUR -0.01": "connection",
    "Te lang: Naam (maximaal 50 tekens)": "bigcommerce",
    "Too long: Name (maximum 50 characters)": "bigcommerce",
    "Niet toegestaan: Land": "bigcommerce",
    "Not allowed: Country": "bigcommerce",
    "Geblokkeerd: Relatie": "exact",
    "Invalid: Account (Blocked)": "exact",
    "Geblokkeerd: Artikel": "connection",
    "Does not exist: G/L account": "rules",
    "Onbekend: Klant": "customers",
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
MUG = {"line": "product:65", "name": "Mug", "kind": "product", "country": "NL"}
OWN = [
    (problem(Code.NO_GL_ACCOUNT_RULE, **MUG), "rules"),
    (problem(Code.GL_ACCOUNT_MISSING, **MUG, gl_account="8000"), "rules"),
    (problem(Code.VAT_CODE_MISSING, **MUG, vat_code="2", rules="vat", rule="1", version=3), "vat_rules"),
    (problem(Code.NO_VAT_RULE, **MUG, rate="21", fitting=""), "vat_rules"),
    (problem(Code.JOURNAL_MISSING, journal="70"), "connection"),
    (problem(Code.TEMPLATE_MISSING, template="Webshop"), "connection"),
    (problem(Code.PAYMENT_CONDITION_MISSING, payment_condition="30", method="PayPal"), "rules"),
    (problem(Code.ITEM_MISSING, **MUG, item="TEA"), "exact"),
    (problem(Code.NO_ITEM, **MUG), "connection"),
    (problem(Code.ACCOUNT_BLOCKED, account="12", by="e-mail address"), "exact"),
    (problem(Code.ACCOUNTS_ALIKE, amount=2, by="VAT number", accounts="1, 2", search_code="C1"), "customers"),
    (problem(Code.GUEST_WITHOUT_EMAIL), "bigcommerce"),
    (problem(Code.CUSTOMER_WITHOUT_NAME, search_code="NLS-5"), "bigcommerce"),
    (problem(Code.COLLECTIVE_ACCOUNT_MISSING, account="7"), "connection"),
    (problem(Code.NO_EXCHANGE_RATE, currency="USD"), "exact"),
    (problem(Code.CURRENCY_DECIMALS, currency="KWD", digits=3, kept=2), "exact"),
    (problem(Code.PERIOD_MISSING, day="2026-01-05"), "exact"),
    (problem(Code.PERIOD_CLOSED, period="2026-01-01 to 2026-01-31"), "connection"),
    (problem(Code.MADE_OTHERWISE, noun="invoice", number="7", differences="total 1 in Exact, 2 meant"), "connection"),
    (problem(Code.FINAL_AND_OTHER, noun="invoice", number="7", differences="total 1, 2 meant"), "exact"),
    (problem(Code.LINES_DO_NOT_ADD_UP, sum="10", total="11", currency="EUR"), "bigcommerce"),
    (problem(Code.RIGHT_MISSING, vendor=STORE, right="store_v2_orders", text=""), "store"),
    (problem(Code.TOKEN_REFUSED, vendor=STORE, text=""), "store"),
    (problem(Code.TOKEN_REFUSED, vendor=EXACT, text=""), "grant"),
    (problem(Code.CALL_FAILED, vendor=EXACT, text=""), "ledger"),
    (problem(Code.PAYMENTS_DO_NOT_FIT, settled="20.00", gross="17.90", currency="EUR"), "exact"),
    (problem(Code.PAYMENT_CURRENCY, payment_currency="USD", currency="EUR"), "exact"),
]


@pytest.mark.parametrize("reason", [*BlockedReason, *SkipReason])
def test_every_reason_is_explained_of_a_row_without_a_code(reason: str) -> None:
    explained = explain("", {}, reason)
    assert explained is BY_REASON[reason]
    assert explained.where in PAGES
    assert str(explained.what_happened).endswith(".")
    assert str(explained.who).endswith(".")


@pytest.mark.parametrize(("text", "where"), TEXTS.items())
def test_every_text_of_exact_is_explained(text: str, where: str) -> None:
    explained = explanation_of(refused(f"{text}. Fix the cause, then re-post."))
    assert explained not in GENERIC
    assert explained.where == where
    assert explained == explanation_of(refused(text)), "the text alone says the same"


@pytest.mark.parametrize(("right", "where"), REASONS.items())
def test_every_reason_of_a_403_is_explained(right: str, where: str) -> None:
    held = problem(Code.RIGHT_MISSING, vendor=EXACT, right=right, text=f"Forbidden - {right}")
    explained = explanation_of(held)
    assert explained == explain_right(EXACT, right)
    assert explained not in {explain("", {}, BlockedReason.INTERNAL), explain_right(EXACT, "")}
    assert explained.where == where


def test_the_reasons_of_a_403_have_a_sentence_each() -> None:
    assert len({explain_right(EXACT, right) for right in REASONS}) == len(REASONS)


def test_a_scope_alone_is_known_as_one() -> None:
    explained = explain_right(EXACT, "organization.administration")
    assert explained.where == "grant"
    assert "scope" in str(explained.what_happened)


@pytest.mark.parametrize(("held", "where"), OWN, ids=lambda value: str(getattr(value, "code", value)))
def test_our_own_problems_lead_to_the_page_that_puts_them_right(held: Problem, where: str) -> None:
    assert explanation_of(held).where == where


@pytest.mark.parametrize("text", TEXTS)
def test_a_failed_call_is_explained_in_the_same_words(text: str) -> None:
    message = f"POST salesinvoice/SalesInvoices: Rejected: Exact refused (salesinvoice/SalesInvoices, HTTP 500): {text}"
    assert explain_call(EXACT, 500, message) == explanation_of(refused(text))


@pytest.mark.parametrize("status", [0, 401, 403, 429, 503])
@pytest.mark.parametrize("vendor", [EXACT, STORE])
def test_a_failed_call_without_a_text_is_explained_by_its_status(vendor: str, status: int) -> None:
    explained = explain_call(vendor, status, "")
    assert explained is not None
    assert explained.needs_person == (status in {401, 403})
    assert explained.where == ("ledger" if status in {0, 429, 503} else explained.where)


def test_who_has_to_do_nothing_is_not_asked_for() -> None:
    assert not explain("", {}, SkipReason.ZERO).needs_person
    assert explain("", {}, BlockedReason.MAPPING).needs_person
    assert all(explain("", {}, reason).needs_person for reason in BlockedReason)


def test_an_unknown_text_gets_a_sentence_too() -> None:
    assert explain("no such code", {}, "no such reason") == explain("", {})
    assert explanation_of(refused("Iets onbekends")) == explain(Code.REFUSED, {})


def test_what_a_product_is_called_changes_no_advice() -> None:
    plain, odd = (
        problem(Code.GL_ACCOUNT_MISSING, **{**MUG, "name": name}, gl_account="8000")
        for name in ("Mug", "The VAT rule book")
    )
    assert explanation_of(plain) == explanation_of(odd)


def test_tables_only_name_pages_that_exist() -> None:
    assert {explanation.where for table in (RIGHTS, VENDOR_TEXTS) for _, explanation in table} <= PAGES


HELD_ORDERS = [
    (folder.name, held)
    for folder in sorted((HERE / "cases").iterdir())
    for held in from_json(read_json(folder / "expected.json").get("held", []))
]
HELD_REFUNDS = [
    (folder.name, outcome["code"])
    for folder in sorted((HERE / "credits").glob("*/"))
    for outcome in read_json(folder / "expected.json")
    if "held" in outcome
]


@pytest.mark.parametrize(("name", "held"), HELD_ORDERS)
def test_each_held_order_of_the_cases_names_a_figure_or_code_and_a_page(name: str, held: Problem) -> None:
    assert re.search(r'\d|"|in [A-Z]{3}\b', sentence(held))
    explained = explanation_of(held)
    assert explained.needs_person
    assert explained.where in {"rules", "vat_rules", "connection", "exact", "bigcommerce"}


@pytest.mark.parametrize(("name", "code"), HELD_REFUNDS)
def test_each_held_refund_of_the_cases_is_reported_as_a_refund(name: str, code: str) -> None:
    explained = explain(code, {})
    assert "credit note" in str(explained.what_happened)
    assert explained.where in {"exact", "connection"}


def test_each_kind_of_refusal_has_its_own_explanation() -> None:
    kinds = ["Niet toegestaan: Btw-code", "Periode is afgesloten: 2026 - 11", "In gebruik: Boekstuknummer"]
    kinds += [
        "Geblokkeerd: Relatie",
        "Geblokkeerd: Artikel",
        "Te lang: Naam",
        "Not balanced: EUR 0.01",
        "Invalid: Country",
    ]
    assert len({explanation_of(refused(text)).what_happened for text in kinds}) == len(kinds)
