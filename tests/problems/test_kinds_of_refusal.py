"""Exact's refusals by their kind, in Dutch and English: each is known as a refusal, and has the kind's explanation."""

from collections.abc import Mapping

import pytest

from connector.clients.exact.texts import is_validation, lacks_period
from connector.domain.document.codes import Code
from connector.problems.catalogue import EXACT, explain

# A word of the explanation, and the texts of that kind: Dutch beside English.
KINDS: Mapping[str, list[tuple[str, str]]] = {
    "financial year or period": [
        ("Ongeldig: Periode", "Invalid: Period"),
        ("Periode is afgesloten: 2026 - 11", "Period is closed: 2026 - 11"),
        ("De periode is niet open", "The period is not open"),
        ("Periode niet open: 2026 - 11", "Period not open: 2026 - 11"),
        ("Niet open: Periode", "Not open: Period"),
        ("Geblokkeerd: Boekjaar", "Blocked: Financial year"),
        ("De periode 2026/11 is reeds vergrendeld.", "The period 2026/11 is already locked."),
        ("Boekjaar bestaat niet", "The financial year does not exist"),
        ("Bestaat niet: Boekjaar 2026", "Does not exist: Fiscal year 2026"),
        ("Geen open periode gevonden", "No open period found"),
        ("Boekperiode is gesloten", "Posting period is closed"),
        ("Factuurdatum valt buiten het boekjaar", "Invoice date is outside the financial year"),
    ],
    "longer than Exact takes": [
        ("Te lang: Naam (maximaal 50 tekens)", "Too long: Name (maximum 50 characters)"),
        ("Naam: Te lang", "Name: Too long"),
        ("De omschrijving is te lang", "The description is too long"),
        ("Maximale lengte overschreden: Uw ref.", "Maximum length exceeded: Your ref."),
        ("Naam mag maximaal 50 tekens bevatten", "Name may contain at most 50 characters"),
    ],
    "already uses this number": [
        ("In gebruik: Boekstuknummer", "In use: Entry number"),
        ("Reeds in gebruik: Factuurnummer", "Already in use: Invoice number"),
        ("Boekstuknummer: Reeds in gebruik", "Entry number: Already in use"),
        ("Factuurnummer 26700001 is al in gebruik", "Invoice number 26700001 is already in use"),
        ("Het boekstuknummer bestaat reeds", "The entry number already exists"),
        ("Niet uniek: Factuurnummer", "Not unique: Invoice number"),
        ("Bestaat reeds: Factuurnummer", "Already exists: Invoice number"),
    ],
    "do not balance": [
        ("De boeking is niet in evenwicht op: 2026 / 11 - Verschil: EUR -0,01", "The entry is not in balance on: 2026"),
        ("Niet in evenwicht: EUR 0,01", "Not in balance: EUR 0.01"),
        ("De journaalpost is niet in balans", "The journal entry is out of balance"),
        ("Debet en credit zijn niet gelijk", "Debit and credit are not equal"),
        ("Totaal debet is niet gelijk aan totaal credit", "Total debit is not equal to total credit"),
    ],
    "account is blocked in Exact": [
        ("Geblokkeerd: Relatie", "Blocked: Account"),
        ("Ongeldig: Besteld door (Geblokkeerd)", "Invalid: Ordered by (Blocked)"),
        ("Relatie 20031 is geblokkeerd", "Account 20031 is blocked"),
        ("De klant is niet actief", "The customer is inactive"),
        ("Geblokkeerde debiteur", "Blocked debtor"),
    ],
    "account was deleted in Exact": [
        ("Ongeldige referentie: Relatie", "Invalid reference: Account"),
        ("De relatie bestaat niet", "The account does not exist"),
        ("Onbekende klant", "Unknown customer"),
    ],
    "VAT code or percentage": [
        ("Niet toegestaan: Btw-code", "Not allowed: VAT code"),
        ("Ongeldige BTW-code", "Invalid VAT code"),
        ("Btw-code 4 is geblokkeerd", "VAT code 4 is blocked"),
        ("De btw-code bestaat niet", "The VAT code does not exist"),
        ("Btw-percentage: Ongeldig", "VAT percentage: Invalid"),
        ("Verplicht: BTW-code", "Mandatory: VAT code"),
        ("Onjuiste btw-code", "Incorrect VAT code"),
        ("Btw-code bestaat niet: 99", "VAT code does not exist: 99"),
    ],
    "customer's VAT number": [
        ("Ongeldig: Btw-nummer", "Invalid: VAT number"),
        ("Het btw-nummer is ongeldig", "The VAT number is invalid"),
        ("Btw-nummer is niet geldig", "VAT number is not valid"),
        ("Ongeldige waarde voor BTW-nummer", "Invalid value for VAT number"),
    ],
    "item of a line": [
        ("Geblokkeerd: Artikel", "Blocked: Item"),
        ("Artikel MUG is geblokkeerd", "Item MUG is blocked"),
        ("Het artikel bestaat niet", "The item does not exist"),
        ("Onbekend artikel: MUG", "Unknown item: MUG"),
        ("Geen verkoopartikel: MUG", "Not a sales item: MUG"),
        ("Artikel MUG is geen verkoopartikel", "Item MUG is not a sales item"),
    ],
    "GL account, cost centre": [
        ("Bestaat niet: Grootboekrekening", "Does not exist: G/L account"),
        ("Grootboekrekening 8000 is geblokkeerd", "G/L account 8000 is blocked"),
        ("Verplicht: Kostenplaats", "Mandatory: Cost centre"),
    ],
    "country of the customer": [
        ("Niet toegestaan: Land", "Not allowed: Country"),
        ("Onbekend land", "Unknown country"),
    ],
}
TEXTS = [(kind, text) for kind, pairs in KINDS.items() for pair in pairs for text in pair]


@pytest.mark.parametrize(("kind", "text"), TEXTS)
def test_each_text_is_a_refusal_and_has_the_explanation_of_its_kind(kind: str, text: str) -> None:
    assert is_validation((text,))
    assert lacks_period((text,)) == (kind == "financial year or period")
    for said in (text, f"Verplicht: Iets; {text}", f"Exact refused the request (crm/Accounts, HTTP 500): {text}"):
        assert kind in str(explain(Code.REFUSED, {"vendor": EXACT, "text": said}).what_happened)


@pytest.mark.parametrize(
    "text",
    [
        "Ongeldig: Omschrijving (Planner voor iedere periode)",
        "Invalid: Description (Period closed)",
        "Verplicht: Omschrijving (Account is blocked)",
        "Te lang: Naam (Stichting Periode is afgesloten)",
    ],
)
def test_a_name_that_a_text_quotes_is_of_no_kind(text: str) -> None:
    said = str(explain(Code.REFUSED, {"vendor": EXACT, "text": text}).what_happened)
    assert not any(kind in said for kind in ("financial year or period", "account is blocked"))


@pytest.mark.parametrize(
    "text",
    [
        "The server stopped. Invalid: nothing",
        "De server is niet in evenwicht",
        "An account manager will call you when the item is known.",
        "Er is een probleem opgetreden.",
    ],
)
def test_any_other_text_is_no_refusal(text: str) -> None:
    assert not is_validation((text,))
