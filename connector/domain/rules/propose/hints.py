"""What the names of codes say, in Dutch, English, German and French: what a code is for, and for which region."""

from collections.abc import Iterable, Mapping
from unicodedata import combining, normalize

WEB_SHOP = ("webshop", "web shop", "webwinkel", "online", "internet", "e-commerce", "ecommerce", "boutique en ligne")
ANYTHING = (*WEB_SHOP, "divers", "algemeen", "allgemein", "general", "misc", "various", "overig", "artikel", "article")
SHIPPING = ("verzend", "vracht", "porto", "shipping", "freight", "delivery", "versand", "livraison", "frais de port")
HANDLING = ("handling", "behandel", "administratiekosten", "bearbeitung", "manutention", "traitement")
WRAPPING = ("verpakking", "wrapping", "verpackung", "emballage", "inpak")
FEE = ("toeslag", "surcharge", "fee", "zuschlag", "gebuhr", "supplement", "frais divers")
GIFT = (
    "cadeaubon",
    "cadeaukaart",
    "giftcard",
    "gift card",
    "gift certificate",
    "voucher",
    "gutschein",
    "cheque cadeau",
)
GIFTS = (*GIFT, "bon cadeau", "geschenkbon", "waardebon", "carte cadeau")
ROUNDING = ("afrond", "rounding", "rundung", "arrondi", "betalingsverschil", "payment difference", "zahlungsdifferenz")
SALES_TAX = ("sales tax", "salestax", "verkoopbelasting", "taxe de vente", "umsatzsteuer ausland", "foreign tax")
EXPORT = ("export", "buiten de eu", "buiten eu", "outside the eu", "outside eu", "non-eu", "niet-eu", "drittland")
EXPORTS = (*EXPORT, "ausfuhr", "hors ue", "hors union", "buiten europa", "hors cee")
ABROAD = ("buitenland", "abroad", "foreign", "ausland", "etranger", "international")
IN_EU = ("binnen de eu", "binnen eu", "within the eu", "intracomm", "innergemeinschaft", "icp", "eu-land", "eu land")
EXEMPT = ("geen btw", "no vat", "vrijgesteld", "exempt", "steuerfrei", "exoner", "0%", "0 %", "nultarief", "zero")
SERVICES = ("dienst", "service", "dienstleistung", "prestation")
REVENUE = ("omzet", "verkop", "sales", "revenue", "turnover", "erlos", "umsatz", "vente", "chiffre")
LATER = ("deposit", "transfer", "cheque", "check", "money order", "purchase order", "invoice", "account", "rekening")
PAID_LATER = (*LATER, "rechnung", "overboek", "virement", "vorkasse", "uberweisung", "facture", "mandat")
CASH = ("contant", "cash", "prepaid", "vooruit", "betaald", "bar", "sofort", "comptant", "immediate")
VAT_FIELD = ("vat", "btw", "ust", "mwst", "tva", "iva", "tax id", "tax number")

_COUNTRIES: Mapping[str, tuple[str, ...]] = {
    "NL": ("nl", "nederland", "netherlands", "niederlande", "pays-bas", "holland"),
    "BE": ("be", "belgi", "belgique"),
    "LU": ("lu", "luxemb"),
    "DE": ("de", "duitsland", "germany", "deutschland", "allemagne"),
    "FR": ("fr", "frankrijk", "france", "frankreich"),
    "GB": ("gb", "uk", "united kingdom", "great britain", "verenigd koninkrijk", "engeland", "royaume-uni"),
    "US": ("us", "usa", "vs", "united states", "america", "verenigde staten", "amerika", "etats-unis"),
    "AT": ("at", "oostenrijk", "austria", "osterreich", "autriche"),
    "CH": ("ch", "zwitserland", "switzerland", "schweiz", "suisse"),
    "ES": ("es", "spanje", "spain", "spanien", "espagne"),
    "IT": ("it", "itali"),
    "PL": ("pl", "polen", "poland", "pologne"),
    "DK": ("dk", "denemarken", "denmark", "danemark"),
    "SE": ("se", "zweden", "sweden", "schweden", "suede"),
    "CA": ("ca", "canada", "kanada"),
}
_WEST = frozenset({"NL", "BE", "LU", "FR", "DE", "AT", "CH", "IE", "GB", "ES", "PT", "IT"})
_EAST = frozenset({"PL", "CZ", "SK", "HU", "RO", "BG", "EE", "LV", "LT", "SI", "HR"})
_NORTH = frozenset({"SE", "DK", "NO", "FI"})
_REGIONS: tuple[tuple[tuple[str, ...], frozenset[str]], ...] = (
    (("benelux",), frozenset({"NL", "BE", "LU"})),
    (("dach",), frozenset({"DE", "AT", "CH"})),
    (("scandinav", "nordic", "north", "noord"), _NORTH),
    (("west", "ouest"), _WEST),
    (("east", "oost", "ost", "est"), _EAST),
    (("europ", "eu"), _WEST | _EAST | _NORTH | {"GR", "CY", "MT"}),
)
_REST = ("rest", "world", "wereld", "welt", "monde", "export", *ABROAD)


def says(text: str, words: Iterable[str]) -> bool:
    """Whether a name has one of the words; a word of three letters at most stands alone."""
    plain = _plain(text)
    alone = set("".join(each if each.isalnum() else " " for each in plain).split())
    return any(word in alone if len(word) <= 3 and word.isalnum() else word in plain for word in words)


def is_for(text: str, country: str) -> int:
    """Return how well the name of a cost centre fits a country: 4 names it, 3 and 2 its region, 1 the rest, 0 not."""
    if says(text, _COUNTRIES.get(country, ())):
        return 4
    if any(says(text, own) for land, own in _COUNTRIES.items() if land != country):
        return 0
    for place, (words, countries) in enumerate(_REGIONS):
        if says(text, words):
            return (2 if place == len(_REGIONS) - 1 else 3) if country in countries else 0
    return 1 if says(text, _REST) else 0


def _plain(text: str) -> str:
    """The text in small letters without accents."""
    return "".join(each for each in normalize("NFKD", text.casefold()) if not combining(each))
