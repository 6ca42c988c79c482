"""Exact's validation texts are a closed list, in Dutch and English. A name that a text quotes decides nothing."""

import pytest

from connector.clients.exact.texts import is_validation, lacks_period, messages_of
from tests.clients.exact.test_wire import load

NO_PERIOD = [
    "Verplicht: Boekjaar",
    "Mandatory: Fiscal year",
    "Unknown: Fiscal year (Period - date table).",
    "Onbekend: Boekjaar (Periode - datumtabel).",
    "Ongeldig: Periode (Afgesloten)",
    "Invalid: Period (Closed)",
    "Niet toegestaan: Periode",
    "Not allowed: Financial period",
    "Periode is afgesloten: 2026 - 11",
    "Period is closed: 2026 - 11",
    "De periode 2026/11 is reeds afgesloten.",
    "Boekjaar is afgesloten: 2025",
    "The financial year 2025 is closed",
    "Periode: Afgesloten",
    "Afgesloten: Periode 2026 - 11",
    "The financial year cannot be changed.",
    "Factuurdatum valt buiten het boekjaar",
    "The invoice date is outside the financial year",
]
QUOTED = [
    "Ongeldig: Omschrijving (Planner voor iedere periode)",
    "Invalid: Description (Period closed)",
    "Bestaat niet: Artikel Boekjaar 2026",
    "Ongeldige referentie: Besteld door (Period Furniture Ltd)",
    "Te lang: Naam (Stichting Periode is afgesloten)",
    "In gebruik: Periode-kalender",
    "Period Furniture Ltd: Already exists",
    "Unknown: Item 'Closed period'",
    "Niet toegestaan: Periodekalender",
]
REFUSED = [
    "Niet toegestaan: Btw-code",
    "Not allowed: VAT code",
    "In gebruik: Boekstuknummer",
    "In use: Entry number",
    "Boekstuknummer: Reeds in gebruik",
    "Entry number: Already in use",
    "De boeking is niet in evenwicht op: 2026 / 11 (Type: Verkoopboeking) - Verschil: EUR -0,01",
    "The entry is not in balance on: 2026 / 11 (Type: Sales entry) - Difference: EUR -0.01",
    "Entry not balanced",
    "Te lang: Naam (maximaal 50 tekens)",
    "Too long: Name (maximum 50 characters)",
    "Niet toegestaan: Land",
    "Not allowed: Country",
    "Geblokkeerd: Artikel",
    "Blocked: Item",
    "Geblokkeerd: Relatie",
    "Inactive: Account",
    "Niet gevonden: Grootboekrekening",
    "Does not exist: G/L account",
    "Debiteur is geblokkeerd: 400",
    "Account blocked: 400",
    "VAT code does not exist: 99",
    "Artikel MUG is geen verkoopartikel",
    "Account 400 is not a customer",
    "Artikel MUG is niet actief op 02-11-2026",
    "Search code already exists",
    "Uw referentie is al in gebruik",
    "De btw-code mag niet worden gebruikt in dit dagboek",
    "This combination is not allowed: VAT code, G/L account",
    "De btw-periode is afgesloten",
    "Sales invoice line: Item - Mandatory",
    "Geen wisselkoers gevonden: USD",
    "Invalid e-mail address",
    "Your ref. may contain at most 30 characters",
    "Total debit is not equal to total credit",
]
UNKNOWN = [
    "A problem has occurred. The cause of this issue will be investigated as soon as possible.",
    "Er ging iets mis bij het verwerken.",
    "Object reference not set to an instance of an object.",
    "The server stopped. Invalid: nothing",
    "De server is niet in evenwicht",
    "Fout: Onbekend",
    "SQL Server: Not found",
    "Processing the request took too long",
    "De factuur is al afgedrukt",
    "The date of the server is outside the range",
]


@pytest.mark.parametrize("text", NO_PERIOD)
def test_a_closed_period_is_known_by_the_form_of_its_text(text: str) -> None:
    assert lacks_period((text,))
    assert lacks_period(("Verplicht: Betalingsconditie", text))
    assert is_validation((text,))


@pytest.mark.parametrize("text", QUOTED)
def test_a_name_that_is_quoted_closes_no_period(text: str) -> None:
    assert not lacks_period((text,))
    assert is_validation((text,))


@pytest.mark.parametrize("text", REFUSED)
def test_the_kinds_of_refusal_are_known_in_both_languages(text: str) -> None:
    assert is_validation((text,))
    assert not lacks_period((text,))


@pytest.mark.parametrize("text", UNKNOWN)
def test_any_other_text_is_no_refusal(text: str) -> None:
    assert not is_validation((text,))
    assert not is_validation(("Verplicht: Boekjaar", text))


def test_messages_are_split() -> None:
    assert messages_of(load("error_400_two_messages")) == ("Verplicht: Factuur voor", "Verplicht: Besteld door")
    assert messages_of({"error": {"code": "", "message": {"value": ""}}}) == ()


@pytest.mark.parametrize("other", [None, [], {}, {"error": "x"}, {"error": {"message": {"lang": ""}}}, {"fault": {}}])
def test_without_the_envelope_there_are_no_messages(other: object) -> None:
    assert messages_of(other) is None


@pytest.mark.parametrize(
    "text",
    [
        "Verplicht: Factuur voor",
        "Mandatory: Payment condition",
        "Ongeldige referentie: Leveren aan",
        "Invalid reference: Deliver to",
        "Ongeldig: Factuur voor (Type)",
        "Invalid: Journal (type).",
        "Invalid: VAT percentage []",
        "Gegeven bestaat reeds.",
        "Data already exists",
        "Verkoopordernummer: Bestaat reeds",
        "Unknown: Fiscal year (Period - date table).",
        "The financial year cannot be changed.",
        "Kan niet verwijderen: Relatie - Gebruikt in: Documenten",
        "Error processing request stream. The request should be a valid top-level resource object.",
        "Error processing request stream. The property name 'X' specified for type 'Y' is not valid.",
        "Error encountered in converting the value from request payload for property 'OrderedBy' to type 'Guid'",
        "Reeds verwerkt",
        "Factuurnummer verplicht",
    ],
)
def test_known_validation_texts(text: str) -> None:
    assert is_validation((text,))
    assert not is_validation((text, "A problem has occurred."))


@pytest.mark.parametrize(
    "messages",
    [
        (),
        ("A problem has occurred. The cause of this issue will be investigated as soon as possible.",),
        ("Object reference not set",),
        ("Fault after Data already exists",),
    ],
)
def test_other_texts_say_nothing_certain(messages: tuple[str, ...]) -> None:
    assert not is_validation(messages)
