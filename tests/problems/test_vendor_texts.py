"""The vendors' own texts, each with its plain sentence and its page."""

import pytest

from connector.domain.document.codes import Code
from connector.domain.document.result import Problem, problem
from connector.domain.document.states import BlockedReason
from connector.problems.catalogue import EXACT, explain, explain_call, explain_right
from connector.problems.explanation import PAGES
from connector.problems.vendor_texts import RIGHTS, VENDOR_TEXTS
from tests.problems.test_explanation import explanation_of

GENERIC = {explain(Code.REFUSED, {}), explain("", {})}


def refused(text: str) -> Problem:
    return problem(Code.REFUSED, vendor=EXACT, text=text, error=f"Exact refused the request: {text}", stands="")


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


@pytest.mark.parametrize("text", TEXTS)
def test_a_failed_call_is_explained_in_the_same_words(text: str) -> None:
    message = f"POST salesinvoice/SalesInvoices: Rejected: Exact refused (salesinvoice/SalesInvoices, HTTP 500): {text}"
    assert explain_call(EXACT, 500, message) == explanation_of(refused(text))


def test_an_unknown_text_gets_a_sentence_too() -> None:
    assert explain("no such code", {}, "no such reason") == explain("", {})
    assert explanation_of(refused("Iets onbekends")) == explain(Code.REFUSED, {})


def test_tables_only_name_pages_that_exist() -> None:
    assert {explanation.where for table in (RIGHTS, VENDOR_TEXTS) for _, explanation in table} <= PAGES


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
