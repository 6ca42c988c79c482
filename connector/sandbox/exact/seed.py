"""The master data that every division of the fake Exact starts with. It is invented and always the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from connector.sandbox.exact.seed_accounts import seed_accounts
from connector.sandbox.exact.state import PERIODS, Division, Row

# GL account -> name, use of cost centres (0 optional, 1 mandatory, 2 no), type
GL_ACCOUNTS = {
    "1300": ("Debiteuren", 2, 20),
    "1530": ("Verkoopbelasting buitenland te betalen", 2, 55),
    "1540": ("Uitgegeven cadeaubonnen", 2, 55),
    "1550": ("Winkeltegoed van klanten", 2, 55),
    "4900": ("Afrondingsverschillen", 0, 120),
    "8000": ("Omzet goederen hoog tarief", 0, 110),
    "8010": ("Omzet goederen laag tarief", 0, 110),
    "8020": ("Omzet buitenland", 0, 110),
    "8100": ("Omzet verzendkosten", 0, 110),
    "8200": ("Omzet toeslagen", 0, 110),
    "8300": ("Omzet cadeauverpakking", 0, 110),
    "8900": ("Omzet projecten", 1, 110),
}
COST_CENTERS = {
    "EU-WEST": "Europe West",
    "EU-EAST": "Europe East",
    "US-WEST": "United States West",
    "ONLINE": "Online",
}
COST_UNITS = {"WEB": "Webshop", "B2B": "Trade"}
# Item -> description, GL account
ITEMS = {
    "WEBSHOP": ("Webshop article", "8000"),
    "SHIP": ("Shipping", "8100"),
    "GIFT": ("Gift certificate", "1540"),
    "ROUND": ("Rounding", "4900"),
    "SALESTAX": ("Sales tax", "1530"),
    "BIKE-01": ("City bike", "8000"),
    "MUG-01": ("Enamel mug", "8000"),
    "TEE-01": ("T-shirt", "8000"),
    "BOOK-01": ("Route book", "8010"),
    "LAMP-01": ("Bicycle lamp", "8000"),
    "BELL-01": ("Brass bell", "8000"),
    "CABLE-01": ("Cable lock", "8000"),
    "BOTTLE-01": ("Water bottle", "8000"),
    "POSTER-01": ("Poster", "8000"),
    "EBOOK-01": ("Route book, digital", "8010"),
    "PEN-01": ("Pen", "8000"),
}
# Item group -> description, GL account of its revenue. New items get the first one.
ITEM_GROUPS = {"GOODS": ("Handelsgoederen", "8000"), "BOOKS": ("Boeken", "8010")}
UNITS = {"pc": ("Stuk", True), "box": ("Doos", True), "gros": ("Gros", False)}
CONDITIONS = {"30": ("30 dagen", 30), "00": ("Contant", 0), "PP": ("PayPal", 0)}
# Currency -> name, smallest amount. That of the dinar is a thousandth, but amounts have cents.
CURRENCIES = {
    "EUR": ("Euro", "0.01"),
    "USD": ("US dollar", "0.01"),
    "GBP": ("Pound sterling", "0.01"),
    "CAD": ("Canadian dollar", "0.01"),
    "JPY": ("Yen", "1"),
    "KWD": ("Kuwaiti dinar", "0.01"),
    "HUF": ("Forint", "0.01"),
}
WAREHOUSES = {"1": "Main warehouse", "2": "North", "3": "South", "4": "East", "5": "West"}
LAYOUTS = {"Webshop": 1, "Factuur": 1, "E-mail factuur": 2}

# Code, description, Type, percent, OSS country. Every rate with VAT included (I) and excluded (E).
VatCode = tuple[str, str, str, str, str]
COMMON_VAT: tuple[VatCode, ...] = (
    ("0", "No VAT", "N", "0", ""),
    ("6", "Export outside the EU", "E", "0", ""),
    ("7", "Supply within the EU to businesses", "E", "0", ""),
)
VAT: dict[str, tuple[VatCode, ...]] = {
    "NL": (
        ("1", "Low, VAT included", "I", "9", ""),
        ("2", "High, VAT included", "I", "21", ""),
        ("3", "Low, VAT excluded", "E", "9", ""),
        ("4", "High, VAT excluded", "E", "21", ""),
        ("D1", "OSS Germany, VAT included", "I", "19", "DE"),
        ("D2", "OSS Germany, VAT excluded", "E", "19", "DE"),
        ("D3", "OSS Germany low, VAT included", "I", "7", "DE"),
        ("D4", "OSS Germany low, VAT excluded", "E", "7", "DE"),
        ("F1", "OSS France, VAT included", "I", "20", "FR"),
        ("F2", "OSS France, VAT excluded", "E", "20", "FR"),
        ("B1", "OSS Belgium, VAT included", "I", "21", "BE"),
        ("B2", "OSS Belgium, VAT excluded", "E", "21", "BE"),
        ("X1", "High, no longer in use", "E", "19", ""),
        ("P4", "High, purchase", "E", "21", ""),
    ),
    "FR": (
        ("20I", "Normal, VAT included", "I", "20", ""),
        ("20E", "Normal, VAT excluded", "E", "20", ""),
        ("10I", "Intermediate, VAT included", "I", "10", ""),
        ("10E", "Intermediate, VAT excluded", "E", "10", ""),
        ("5I", "Reduced 5.5, VAT included", "I", "5.5", ""),
        ("5E", "Reduced 5.5, VAT excluded", "E", "5.5", ""),
        ("2I", "Super reduced 2.1, VAT included", "I", "2.1", ""),
        ("2E", "Super reduced 2.1, VAT excluded", "E", "2.1", ""),
    ),
    # No country of the EU has 1 percent. A recorded order of another country needs it.
    "LU": (
        ("17I", "Normal, VAT included", "I", "17", ""),
        ("17E", "Normal, VAT excluded", "E", "17", ""),
        ("8I", "Reduced, VAT included", "I", "8", ""),
        ("8E", "Reduced, VAT excluded", "E", "8", ""),
        ("3I", "Super reduced, VAT included", "I", "3", ""),
        ("3E", "Super reduced, VAT excluded", "E", "3", ""),
        ("1I", "Example 1 percent, VAT included", "I", "1", ""),
        ("1E", "Example 1 percent, VAT excluded", "E", "1", ""),
    ),
}
BLOCKED_VAT, PURCHASE_VAT = "X1", "P4"


def divisions() -> Iterator[tuple[int, str, str]]:
    """Code, name and country."""
    yield 100001, "Polderfiets BV", "NL"
    yield 200002, "Canal et Compagnie SARL", "FR"
    yield 300003, "Moselle Store S.à r.l.", "LU"


def seed_division(division: Division) -> None:
    """Fill a new division. A country without VAT codes of its own gets the common ones."""
    _seed_gl_accounts(division)
    for code, name in COST_CENTERS.items():
        _add(division, "hrm/Costcenters", {"Code": code, "Description": name, "Active": True})
    for code, name in COST_UNITS.items():
        _add(division, "hrm/Costunits", {"Code": code, "Description": name})
    for vat_code in (*COMMON_VAT, *VAT.get(division.country, ())):
        _add(division, "vat/VATCodes", _vat_code(division.country, vat_code))
    for code, (name, unit) in CURRENCIES.items():
        row = {"Code": code, "Description": name, "AmountPrecision": Decimal(unit)}
        _add(division, "general/Currencies", row | {"PricePrecision": Decimal("0.0001")})
    for code, (name, days) in CONDITIONS.items():
        row = {"Code": code, "Description": name, "PaymentDays": days, "PaymentMethod": "B"}
        _add(division, "cashflow/PaymentConditions", row)
    for name, kind in LAYOUTS.items():
        _add(division, "salesinvoice/Layouts", {"Subject": name, "Type": kind})
    for code, name in WAREHOUSES.items():
        _add(division, "inventory/Warehouses", {"Code": code, "Description": name, "Main": int(code == "1")})
    _seed_journals(division)
    _seed_periods(division)
    _seed_items(division)
    seed_accounts(division)
    _seed_groups_and_units(division)


def _seed_gl_accounts(division: Division) -> None:
    for code, (name, use, kind) in GL_ACCOUNTS.items():
        _add(
            division,
            "financial/GLAccounts",
            {
                "Code": code,
                "Description": name,
                "UseCostcenter": use,
                "UseCostunit": 0,
                "Type": kind,
                "BalanceType": "B" if kind in (20, 55) else "W",
                "IsBlocked": False,
            },
        )


def _vat_code(country: str, vat_code: VatCode) -> Row:
    code, name, basis, percent, oss_country = vat_code
    kind = "S" if oss_country else "B"
    return {
        "Code": code.ljust(3),
        "Description": name,
        "Type": basis,
        "Percentage": Decimal(percent) / 100,
        "IsBlocked": code == BLOCKED_VAT,
        "VATTransactionType": "P" if code == PURCHASE_VAT else kind,
        "OssCountry": oss_country or None,
        "EUSalesListing": "L" if code == "7" else "N",
        "Country": country.ljust(3),
        "Charged": False,
        "CalculationBasis": 0,
        "IntraStat": False,
        "VatMargin": 0,
    }


def _seed_journals(division: Division) -> None:
    """70 numbers invoices when they are entered, 71 when they are printed; 90 and 25 are no sales journals."""
    for code, name, kind in (
        ("70", "Verkoopboek", 20),
        ("71", "Verkoopboek webshop", 20),
        ("90", "Memoriaal", 90),
        ("25", "Webshopbetalingen", 16),
    ):
        _add(
            division,
            "financial/Journals",
            {
                "Code": code,
                "Description": name,
                "Type": kind,
                "Currency": division.currency,
                "AllowVariableCurrency": True,
                "IsBlocked": False,
            },
        )


def _seed_periods(division: Division) -> None:
    """A period a month; nothing before 2025 or after 2028."""
    for year in range(2025, 2029):
        for month in range(1, 13):
            start = datetime.fromisoformat(f"{year}-{month:02}-01")
            end = (start + timedelta(days=32)).replace(day=1) - timedelta(days=1)
            row = {"FinYear": year, "FinPeriod": month, "StartDate": start, "EndDate": end}
            _add(division, PERIODS, row)


def _seed_items(division: Division) -> None:
    for code, (name, account) in ITEMS.items():
        _add_item(division, code, name, account)
    _add_item(division, "RAW-01", "Frame tube, not for sale", "8000", IsSalesItem=False)
    _add_item(division, "OLD-01", "Model of last year", "8000", EndDate=datetime.fromisoformat("2024-12-31"))


def _seed_groups_and_units(division: Division) -> None:
    """A new item that names no group or unit gets the first one. A gross is not in use any more."""
    for number, (code, (name, account)) in enumerate(ITEM_GROUPS.items()):
        revenue = division.by_code("financial/GLAccounts", account)
        assert revenue is not None
        row = {"Code": code, "Description": name, "GLRevenue": revenue["ID"], "GLRevenueCode": account}
        _add(division, "logistics/ItemGroups", row | {"IsDefault": int(not number)})
    for number, (code, (name, active)) in enumerate(UNITS.items()):
        row = {"Code": code, "Description": name, "Active": active, "Main": int(not number), "Type": "O"}
        _add(division, "logistics/Units", row)


def _add_item(division: Division, code: str, name: str, account: str, **fields: object) -> None:
    revenue = division.by_code("financial/GLAccounts", account)
    assert revenue is not None
    row: Row = {
        "Code": code,
        "Description": name,
        "IsSalesItem": True,
        "IsStockItem": False,
        "Unit": "pc",
        "GLRevenue": revenue["ID"],
        "GLRevenueCode": revenue["Code"],
        "StartDate": datetime.fromisoformat("2020-01-01"),
    }
    _add(division, "logistics/Items", row | fields)


def _add(division: Division, endpoint: str, row: Row) -> None:
    division.insert(endpoint, row, seeded=True)
