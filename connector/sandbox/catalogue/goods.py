"""The products of the stores, with both list prices and the VAT rates of each country."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

# Standard and reduced VAT in percent. A country that is not here is outside the EU and gets no VAT.
RATES: dict[str, tuple[Decimal, Decimal]] = {
    "NL": (Decimal(21), Decimal(9)),
    "DE": (Decimal(19), Decimal(7)),
    "FR": (Decimal(20), Decimal("5.5")),
    "BE": (Decimal(21), Decimal(6)),
    "LU": (Decimal(17), Decimal(3)),
}

STANDARD, SHIPPING, WRAPPING, REDUCED = 0, 2, 3, 4
TAX_CLASSES = {
    STANDARD: "Default Tax Class",
    SHIPPING: "Shipping",
    WRAPPING: "Gift Wrapping",
    REDUCED: "Reduced Rate",
}


HOME, BOOKS, SALE, DOWNLOADS = 41, 42, 43, 44
# Name and parent category. Downloads is part of Books.
CATEGORIES = {HOME: ("Home", 0), BOOKS: ("Books", 0), SALE: ("Sale", 0), DOWNLOADS: ("Downloads", BOOKS)}


@dataclass(frozen=True, slots=True)
class Product:
    """A product with two list prices, with tax and without. Neither is computed from the other."""

    number: int
    sku: str
    name: str
    with_tax: Decimal
    without_tax: Decimal
    reduced: bool = False
    digital: bool = False
    categories: tuple[int, ...] = ()
    certificate: bool = False

    @property
    def tax_class(self) -> int:
        return REDUCED if self.reduced else STANDARD

    def in_catalogue(self) -> dict[str, Any]:
        """The V3 catalogue product, with the fields for its kind and its categories."""
        return {
            "id": self.number,
            "name": self.name,
            "type": "digital" if self.digital else "physical",
            "sku": self.sku,
            "price": float(self.without_tax),
            "tax_class_id": self.tax_class,
            "categories": list(self.categories),
            "brand_id": 0,
            "is_visible": True,
        }


def category(number: int) -> dict[str, Any]:
    """A category in the form of the category trees."""
    name, parent = CATEGORIES[number]
    return {
        "category_id": number,
        "parent_id": parent,
        "tree_id": 1,
        "name": name,
        "description": "",
        "is_visible": True,
        "url": {"path": f"/{name.lower()}/", "is_customized": False},
    }


def _product(number: int, sku: str, name: str, with_tax: str, without_tax: str, *categories: int) -> Product:
    return Product(number, sku, name, Decimal(with_tax), Decimal(without_tax), categories=categories)


MUG = _product(11, "MUG-01", "Stoneware mug", "12.95", "10.70", HOME, SALE)
TEE = _product(12, "TEE-01", "Organic T-shirt", "24.95", "20.62")
LAMP = _product(13, "LAMP-01", "Desk lamp", "89.00", "73.55", HOME)
BELL = _product(14, "BELL-01", "Bicycle bell", "7.49", "6.19")
CABLE = _product(15, "CABLE-01", "USB-C cable, 2 m", "9.99", "8.26")
BOTTLE = _product(16, "BOTTLE-01", "Steel bottle", "19.50", "16.12")
POSTER = _product(17, "POSTER-01", "City poster", "14.90", "12.31")
PEN = _product(18, "PEN-01", "Gel pen", "2.35", "1.94")
BOOK = Product(
    21, "BOOK-01", "Canal houses, a history", Decimal("29.99"), Decimal("27.51"), reduced=True, categories=(BOOKS,)
)
EBOOK = Product(
    22,
    "EBOOK-01",
    "Canal houses, e-book",
    Decimal("14.99"),
    Decimal("13.75"),
    reduced=True,
    digital=True,
    categories=(DOWNLOADS,),
)

# The stores sell it, and the accounting system does not know it.
SCARF = _product(31, "SCARF-RED-M", "Wool scarf, red", "39.90", "32.98")
CANDLE = _product(32, "CANDLE-3", "Candles, set of three", "17.25", "14.26")
STICKER = _product(33, "STICKER-XS", "Sticker", "0.35", "0.29")
NO_SKU = _product(34, "", "Made to order", "120.00", "99.17")

GIFT_CARD = Product(35, "", "Gift certificate", Decimal(50), Decimal(50), certificate=True)

PRODUCTS = (MUG, TEE, LAMP, BELL, CABLE, BOTTLE, POSTER, PEN, BOOK, EBOOK, SCARF, CANDLE, STICKER)
