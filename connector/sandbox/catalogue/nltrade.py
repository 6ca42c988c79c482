"""Orders of nltrade1: a Dutch wholesaler, prices without tax, mostly companies."""

from decimal import Decimal as D

from connector.sandbox.catalogue.cart import Cart, Deed, Fee, Item, Parcel
from connector.sandbox.catalogue.goods import (
    BELL,
    BOOK,
    BOTTLE,
    CABLE,
    EBOOK,
    LAMP,
    MUG,
    PEN,
    PRODUCTS,
    SCARF,
    STICKER,
    TEE,
)
from connector.sandbox.catalogue.people import Person

CAFE = Person(
    301,
    "Karin",
    "Post",
    "Haven 20",
    "8861 XJ",
    "Harlingen",
    "NL",
    "inkoop@cafehaven.example",
    company="Cafe Haven",
    vat_number="NL001234560B01",
)
SCHOOL = Person(
    302,
    "Theo",
    "Kok",
    "Schoolplein 1",
    "6511 LM",
    "Nijmegen",
    "NL",
    "theo@school.example",
    company="De Sleutel",
)
# The accounting system knows them before the first order and finds them by VAT number or e-mail.
KNOWN = Person(
    308,
    "Eva",
    "van der Meer",
    "Proefstraat 2",
    "5678 CD",
    "Waterbroek",
    "NL",
    "inkoop@vandermeer.example",
    company="Kantoor Vandermeer BV",
    vat_number="NL001234567B01",
)
SUUS = Person(0, "Suus", "Dekker", "Dam 3", "1506 BC", "Zaandam", "NL", "suus@shopper.example")
HANDEL = Person(
    303,
    "Petra",
    "Vogt",
    "Bahnhofstrasse 3",
    "40210",
    "Duesseldorf",
    "DE",
    "rechnung@handelvogt.example",
    company="Handel Vogt KG",
    vat_number="DE298765435",
)
WINKEL = Person(
    304,
    "Wim",
    "Peeters",
    "Grote Markt 6",
    "3000",
    "Leuven",
    "BE",
    "facturen@winkelpeeters.example",
    company="Winkel Peeters NV",
    vat_number="BE0655123449",
)
ERIKA = Person(305, "Erika", "Sommer", "Am Markt 2", "28195", "Bremen", "DE", "erika@shopper.example")
ALPEN = Person(
    306,
    "Reto",
    "Frei",
    "Bergweg 11",
    "3011",
    "Bern",
    "CH",
    "reto@alpenladen.example",
    company="Alpenladen AG",
)
OAKS = Person(
    307,
    "Dana",
    "Price",
    "500 Pine Ave",
    "90802",
    "Long Beach",
    "US",
    "orders@oaksupply.example",
    "California",
    "Oak Supply Inc",
)


def _to(person: Person, shipping: str = "6.50", handling: str = "0") -> tuple[Parcel, ...]:
    return (Parcel(person, D(shipping), D(handling)),)


def _fifty_five() -> tuple[Item, ...]:
    goods = [product for product in PRODUCTS if not product.digital]
    return tuple(Item(goods[n % len(goods)], 2 + n % 5) for n in range(55))


CARTS = (
    Cart("prices without tax", CAFE, (Item(MUG, 24),), _to(CAFE), payment_method="Bank Deposit"),
    Cart("prices without tax, two VAT rates", SCHOOL, (Item(BOOK, 30), Item(PEN, 100)), _to(SCHOOL), status=2),
    Cart("domestic company charged VAT", CAFE, (Item(BOTTLE, 6), Item(CABLE)), _to(CAFE), status=10),
    Cart("B2B Germany without tax", HANDEL, (Item(LAMP, 10),), _to(HANDEL, "29.00"), exempt=True),
    Cart("B2B Belgium without tax", WINKEL, (Item(TEE, 12), Item(BOOK, 4)), _to(WINKEL, "18.00"), exempt=True),
    Cart("OSS Germany, prices without tax", ERIKA, (Item(SCARF), Item(BOOK)), _to(ERIKA, "8.00")),
    Cart("export Switzerland, company", ALPEN, (Item(BELL, 20),), _to(ALPEN, "35.00"), status=2),
    Cart("export California, company", OAKS, (Item(MUG, 48),), _to(OAKS, "80.00"), payment_method="PayPal"),
    Cart(
        "line discount, prices without tax",
        CAFE,
        (Item(MUG, 12, off=D("12.84")), Item(TEE, 2)),
        _to(CAFE),
        status=9,
    ),
    Cart(
        "coupon, prices without tax",
        SCHOOL,
        (Item(BOOK, 5), Item(LAMP), Item(PEN, 10)),
        _to(SCHOOL),
        coupon=D(20),
    ),
    Cart("order discount, prices without tax", CAFE, (Item(LAMP, 3), Item(BOOK)), _to(CAFE), manual=D("50.00")),
    Cart(
        "four-decimal price without tax",
        SCHOOL,
        (Item(STICKER, 1000, D("0.0625")), Item(PEN, 40, D("1.0725"))),
        _to(SCHOOL),
    ),
    Cart("fee without tax", CAFE, (Item(CABLE, 5),), _to(CAFE), fees=(Fee("Pallet", D("7.50")),)),
    Cart("guest, prices without tax", SUUS, (Item(TEE),), _to(SUUS), payment_method="PayPal"),
    Cart(
        "shipping without tax, prices without tax",
        CAFE,
        (Item(MUG, 6),),
        (Parcel(CAFE, D("9.00"), shipping_rate=D(0)),),
    ),
    Cart("fifty-five lines", SCHOOL, _fifty_five(), _to(SCHOOL, "24.50"), status=3),
    Cart("company known to the accounting system", KNOWN, (Item(PEN, 20), Item(LAMP)), _to(KNOWN)),
    Cart("handling and gift wrapping", CAFE, (Item(SCARF, wrapping=D("3.10")),), _to(CAFE, "6.50", "4.40")),
    Cart("e-books for a school", SCHOOL, (Item(EBOOK, 25),), status=10, payment_method="Bank Deposit"),
    Cart(
        "one piece comes back later, prices without tax",
        SCHOOL,
        (Item(BOOK, 3), Item(PEN, 10)),
        _to(SCHOOL),
        later=(Deed(pieces=(1,)),),
    ),
)
