"""What Exact Online says when it refuses, in Dutch and English.

Business texts come in the language of the user who gave consent, those of the OData layer in English for everyone.
Texts marked "assumed" were not seen in public sources: only their shape is modelled on the known ones.
"""

from __future__ import annotations

from dataclasses import dataclass, field

Text = tuple[str, str]  # Dutch, English

# Property -> its name in messages.
FIELDS: dict[str, Text] = {
    "Account": ("Relatie", "Account"),
    "CostCenter": ("Kostenplaats", "Cost centre"),
    "CostUnit": ("Kostendrager", "Cost unit"),
    "Country": ("Land", "Country"),
    "Code": ("Code", "Code"),
    "Currency": ("Valuta", "Currency"),
    "Customer": ("Klant", "Customer"),
    "DeliverTo": ("Leveren aan", "Deliver to"),
    "DeliverToAddress": ("Afleveradres", "Delivery address"),
    "Description": ("Omschrijving", "Description"),
    "DocumentLayout": ("Lay-out", "Layout"),
    "EmailLayout": ("E-mail lay-out", "E-mail layout"),
    "FirstName": ("Voornaam", "First name"),
    "GLAccount": ("Grootboekrekening", "G/L account"),
    "InvoiceAccount": ("Factuurrelatie", "Invoice account"),
    "InvoiceID": ("Factuur", "Invoice"),
    "InvoiceTo": ("Factuur voor", "Invoice to"),
    "Item": ("Artikel", "Item"),
    "ItemGroup": ("Artikelgroep", "Item group"),
    "Journal": ("Dagboek", "Journal"),
    "LastName": ("Achternaam", "Last name"),
    "Name": ("Naam", "Name"),
    "NetPrice": ("Nettoprijs", "Net price"),
    "OrderedBy": ("Besteld door", "Ordered by"),
    "PaymentCondition": ("Betalingsconditie", "Payment condition"),
    "PaymentConditionSales": ("Betalingsconditie", "Payment condition"),
    "PaymentReference": ("Betalingskenmerk", "Payment reference"),
    "SalesInvoiceLines": ("Factuurregels", "Invoice lines"),
    "SalesVATCode": ("BTW-code", "VAT code"),
    "SalesVatCode": ("BTW-code", "VAT code"),
    "Unit": ("Eenheid", "Unit"),
    "VATAmountFC": ("BTW-bedrag", "VAT amount"),
    "VATCode": ("BTW-code", "VAT code"),
    "Warehouse": ("Magazijn", "Warehouse"),
    "YourRef": ("Uw ref.", "Your ref."),
}

EXISTS: Text = ("Gegeven bestaat reeds.", "Data already exists")
PROCESSED: Text = ("Reeds verwerkt", "Already processed")
NO_FISCAL_YEAR: Text = ("Verplicht: Boekjaar", "Unknown: Fiscal year (Period - date table).")
CLOSED_PERIOD: Text = ("Ongeldig: Periode (Afgesloten)", "Invalid: Period (Closed)")  # assumed
UNKNOWN_JOURNAL: Text = ("Ongeldige referentie: Journals", "Invalid reference: Journals")
JOURNAL_TYPE: Text = ("Ongeldig: Dagboek (Soort).", "Invalid: Journal (type).")
NO_TOP_LEVEL = "Error processing request stream. The request should be a valid top-level resource object."


def names(prop: str) -> Text:
    return FIELDS.get(prop, (prop, prop))


def mandatory(prop: str) -> Text:
    dutch, english = names(prop)
    return f"Verplicht: {dutch}", f"Mandatory: {english}"


def unknown(prop: str) -> Text:
    dutch, english = names(prop)
    return f"Ongeldige referentie: {dutch}", f"Invalid reference: {english}"


def invalid(prop: str, why: Text = ("", "")) -> Text:
    """ "Ongeldig: Factuur voor (Type)"; only that pair is known, the others are assumed."""
    dutch, english = (f" ({word})" if word else "" for word in why)
    return f"Ongeldig: {names(prop)[0]}{dutch}", f"Invalid: {names(prop)[1]}{english}"


def too_long(prop: str, limit: int) -> Text:
    """Assumed: neither the limits nor the text are in the reference."""
    return invalid(prop, (f"Maximale lengte: {limit}", f"Maximum length: {limit}"))


BLOCKED: Text = ("Geblokkeerd", "Blocked")
ENDED: Text = ("Einddatum", "End date")
TYPE: Text = ("Type", "Type")


class ApiError(Exception):
    """A refusal with Exact's error envelope; several texts are joined with CR LF."""

    def __init__(self, status: int, *texts: Text | str) -> None:
        self.status = status
        self.texts = [(text, text) if isinstance(text, str) else text for text in texts]
        super().__init__(self.message("en"))

    def message(self, language: str) -> str:
        return "\r\n".join(text[0 if language == "nl" else 1] for text in self.texts)

    def body(self, language: str) -> dict[str, object]:
        return {"error": {"code": "", "message": {"lang": "", "value": self.message(language)}}}


@dataclass(slots=True)
class Problems:
    """All faults of one request. One text that Exact sends with a 500 makes the whole answer a 500."""

    status: int = 400
    texts: list[Text] = field(default_factory=list)

    def add(self, text: Text, status: int = 400) -> None:
        if text not in self.texts:
            self.texts.append(text)
        self.status = max(self.status, status)

    def check(self) -> None:
        """Raise ApiError when there is a fault."""
        if self.texts:
            raise ApiError(self.status, *self.texts)
