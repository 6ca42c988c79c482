"""About 150 accounts per division, from lists of invented names."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, product

from connector.sandbox.exact.accounts import ACCOUNTS, ADDRESSES, VISIT, check_account
from connector.sandbox.exact.state import Division, Row

FIRST = ("Anouk", "Bram", "Clara", "Daan", "Elise", "Finn", "Greta", "Hugo", "Ines", "Joris", "Karin", "Luca")
LAST = ("Akkerman", "Bosveld", "Cornelis", "Dubois", "Engel", "Faber", "Girard", "Hoekstra", "Iversen", "Jansma")
TOWNS = {
    "NL": (("Houtmeer", "1234 AB"), ("Waterbroek", "5678 CD"), ("Lindeveen", "9012 EF")),
    "FR": (("Montclair-sur-Ize", "01234"), ("Valbrune", "56789"), ("Saint-Orme", "90123")),
    "LU": (("Eschfeld", "L-1234"), ("Wiltzbach", "L-5678"), ("Remerange", "L-9012")),
}
CONSUMERS = 110
TRADES = ("Rijwielen", "Vélos", "Fietshuis", "Cycles", "Outdoor", "Sport")
PLACES = ("Noord", "Zuid", "Oost", "West", "Centrum", "Haven")


def seed_accounts(division: Division) -> None:
    """Add customers, a prospect, a supplier, a blocked account, two with one e-mail, one with a VAT number.

    Codes count from 1. The special accounts come first, so that they are easy to find.
    """
    towns = TOWNS.get(division.country, TOWNS["NL"])
    rows = [*_special(), *_companies(), *islice(_consumers(), CONSUMERS)]
    for number, fields in enumerate(rows):
        town, postcode = towns[number % len(towns)]
        _add(
            division,
            {
                "Status": "C",
                "Blocked": False,
                "InvoicingMethod": 0,
                "Type": "A",
                "Code": str(division.number("account", 1)).zfill(7),
                "AddressLine1": f"Proefstraat {number + 1}",
                "City": town,
                "Postcode": postcode,
                "Country": division.country,
                **fields,
            },
        )
    division.events.clear()


def _special() -> Iterator[Row]:
    yield {"Name": "Webshop particulieren", "SearchCode": "WEBSHOP", "Email": "webshop@accounts.example"}
    yield {"Name": "Kantoor Vandermeer BV", "VATNumber": "NL001234560B01", "Email": "inkoop@vandermeer.example"}
    yield {"Name": "Tweelingen Jansma", "Email": "familie@jansma.example"}
    yield {"Name": "Tweelingen Jansma (oud)", "Email": "familie@jansma.example"}
    yield {"Name": "Geblokkeerd Krediet BV", "Blocked": True, "Email": "krediet@blocked.example"}
    yield {"Name": "Leverancier Staal NV", "Status": "A", "IsSupplier": True, "Email": "sales@staal.example"}
    yield {"Name": "Misschien Klant BV", "Status": "P", "Email": "info@prospect.example"}


def _companies() -> Iterator[Row]:
    for number, (trade, place) in enumerate(product(TRADES, PLACES), start=1):
        yield {
            "Name": f"{trade} {place}",
            "Email": f"info@shop{number:02d}.example",
            "PaymentConditionSales": "30",
        }


def _consumers() -> Iterator[Row]:
    for first, last in product(FIRST, LAST):
        mail = f"{first}.{last}@mail.example".lower()
        yield {"Name": f"{first} {last}", "Email": mail}


def _add(division: Division, row: Row) -> None:
    check_account(division, row)
    account = division.insert(ACCOUNTS, row, seeded=True)
    division.note_account(account)
    address = {name: row[name] for name in ("AddressLine1", "City", "Postcode", "Country")}
    address |= {"Account": account["ID"], "AccountName": row["Name"], "Type": VISIT, "Main": True}
    division.insert(ADDRESSES, address, seeded=True)
