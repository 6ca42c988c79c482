"""Orders that few shops have: VAT areas, taxes that are not VAT, gift certificates. Not in the default catalogue."""

from dataclasses import replace
from decimal import Decimal as D

from connector.sandbox.catalogue.cart import Cart, Fee, Item, Parcel
from connector.sandbox.catalogue.goods import GIFT_CARD, LAMP, MUG, PEN, TEE
from connector.sandbox.catalogue.nlshop import ANNA, ATELIER, CARMEN
from connector.sandbox.catalogue.people import Person

ISABEL = Person(401, "Isabel", "Gil", "Calle Mayor 5", "35001", "Las Palmas", "ES", "isabel@shopper.example")
AINO = Person(0, "Aino", "Lund", "Torggatan 1", "22100", "Mariehamn", "FI", "aino@shopper.example")
ERIN = Person(
    402,
    "Erin",
    "Boyd",
    "1 Dock Street",
    "BT1 5GS",
    "Belfast",
    "GB",
    "erin@dock.example",
    company="Dock Ltd",
    vat_number="XI123456727",
)
NIKOS = Person(
    403,
    "Nikos",
    "Pappas",
    "Odos 3",
    "104 31",
    "Athens",
    "GR",
    "nikos@lampa.example",
    company="Lampa AE",
    vat_number="EL123456783",
)
SALES_TAX = (D("8.25"), D("8.25"))
NAMES = (("California", D("6.25")), ("San Francisco", D("2.00")))


def _to(person: Person) -> tuple[Parcel, ...]:
    return (Parcel(person, D("12.50")),)


CARTS = (
    Cart("sales tax", CARMEN, (Item(MUG, 3), Item(PEN)), _to(CARMEN), rates=SALES_TAX, taxes=NAMES, order_id=9101),
    Cart(
        "sales tax with a fee",
        CARMEN,
        (Item(LAMP),),
        _to(CARMEN),
        rates=SALES_TAX,
        taxes=NAMES,
        fees=(Fee("Rush", D("9.99")),),
        order_id=9102,
    ),
    Cart("gift certificate", ANNA, (Item(GIFT_CARD), Item(MUG)), _to(ANNA), order_id=9103),
    Cart("gift certificate alone", ANNA, (Item(GIFT_CARD),), order_id=9104),
    Cart("Canaries", ISABEL, (Item(TEE),), _to(ISABEL), order_id=9105),
    Cart("Åland", AINO, (Item(TEE, 2),), _to(AINO), order_id=9106),
    Cart("business in Northern Ireland", ERIN, (Item(LAMP),), _to(ERIN), order_id=9107),
    Cart("business in Greece", NIKOS, (Item(LAMP, 2),), _to(NIKOS), order_id=9108),
    Cart("999 at four decimals", ANNA, (Item(PEN, 999, price=D("1.2375")),), _to(ANNA), order_id=9109),
    Cart("paid in yen", ANNA, (Item(MUG, 3, price=D(1295)),), (Parcel(ANNA, D(595)),), currency="JPY", order_id=9111),
    Cart(
        "business whose number has a wrong digit",
        replace(ATELIER, number=404, vat_number="BE0477123403"),
        (Item(LAMP),),
        _to(ATELIER),
        exempt=True,
        order_id=9110,
    ),
)
