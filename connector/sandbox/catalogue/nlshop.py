"""Orders of nlshop1: a Dutch web shop, prices with tax, sells all over the EU and beyond."""

from decimal import Decimal as D

from connector.sandbox.catalogue.cart import Cart, Deed, Fee, Item, Parcel
from connector.sandbox.catalogue.goods import (
    BELL,
    BOOK,
    BOTTLE,
    CABLE,
    CANDLE,
    EBOOK,
    LAMP,
    MUG,
    NO_SKU,
    PEN,
    POSTER,
    PRODUCTS,
    SCARF,
    STICKER,
    TEE,
)
from connector.sandbox.catalogue.people import Person

ANNA = Person(201, "Anna", "de Wit", "Brink 4", "7411 BR", "Deventer", "NL", "anna@shopper.example")
BRAM = Person(202, "Bram", "Visser", "Oudegracht 88", "3511 AV", "Utrecht", "NL", "bram@shopper.example")
# The accounting system knows them before the first order and finds them by e-mail.
KNOWN = Person(203, "Anouk", "Akkerman", "Proefstraat 44", "5678 CD", "Waterbroek", "NL", "anouk.akkerman@mail.example")
GUEST = Person(0, "Gijs", "Smit", "Markt 1", "5211 JX", "Den Bosch", "NL", "gijs@shopper.example")
GRETA = Person(204, "Greta", "Lang", "Lindenweg 5", "50667", "Koeln", "DE", "greta@shopper.example")
LUCIE = Person(205, "Lucie", "Faure", "12 rue du Bac", "75007", "Paris", "FR", "lucie@shopper.example")
PIET = Person(206, "Piet", "Claes", "Meir 30", "2000", "Antwerpen", "BE", "piet@shopper.example")
URS = Person(207, "Urs", "Keller", "Seestrasse 9", "8002", "Zuerich", "CH", "urs@shopper.example")
HAZEL = Person(0, "Hazel", "Ward", "3 Mill Lane", "OX1 1AA", "Oxford", "GB", "hazel@shopper.example")
CARMEN = Person(
    208,
    "Carmen",
    "Diaz",
    "77 Bay Street",
    "94107",
    "San Francisco",
    "US",
    "carmen@shopper.example",
    "California",
)
NOAH = Person(0, "Noah", "Roy", "15 King St W", "M5H 1A1", "Toronto", "CA", "noah@shopper.example", "Ontario")
STUDIO = Person(
    209,
    "Iris",
    "Mol",
    "Werfkade 2",
    "1033 RA",
    "Amsterdam",
    "NL",
    "admin@studiomol.example",
    company="Studio Mol BV",
    vat_number="NL800123451B01",
)
WERKSTATT = Person(
    210,
    "Jonas",
    "Brandt",
    "Hafenstrasse 7",
    "20457",
    "Hamburg",
    "DE",
    "einkauf@werkstatt.example",
    company="Werkstatt Brandt GmbH",
    vat_number="DE812345673",
)
ATELIER = Person(
    211,
    "Lotte",
    "Maes",
    "Korenlei 8",
    "9000",
    "Gent",
    "BE",
    "boekhouding@ateliermaes.example",
    company="Atelier Maes BV",
    vat_number="BE0477123402",
)


def _to(person: Person, shipping: str = "4.95", handling: str = "0") -> tuple[Parcel, ...]:
    return (Parcel(person, D(shipping), D(handling)),)


def _sixty() -> tuple[Item, ...]:
    goods = [product for product in PRODUCTS if not product.digital]
    return tuple(Item(goods[n % len(goods)], 1 + n % 3) for n in range(60))


# Orders that stay as they were sold.
SOLD = (
    Cart("prices with tax", ANNA, (Item(MUG),), _to(ANNA)),
    Cart("two VAT rates", ANNA, (Item(MUG, 2), Item(BOOK)), _to(ANNA), status=2),
    Cart("quantity above one", BRAM, (Item(BELL, 3), Item(CABLE, 2), Item(PEN, 12)), _to(BRAM), status=10),
    Cart("OSS Germany, standard rate", GRETA, (Item(LAMP),), _to(GRETA, "8.95"), payment_method="PayPal"),
    Cart("OSS Germany, two rates", GRETA, (Item(TEE), Item(BOOK, 2)), _to(GRETA, "8.95"), status=9),
    Cart("OSS France", LUCIE, (Item(POSTER, 2),), _to(LUCIE, "9.50"), payment_method="Credit Card"),
    Cart("OSS Belgium", PIET, (Item(BOTTLE), Item(MUG)), _to(PIET, "6.95"), payment_method="Bancontact"),
    Cart("export Switzerland", URS, (Item(LAMP), Item(BOOK)), _to(URS, "19.00"), payment_method="PayPal"),
    Cart("export United Kingdom, guest", HAZEL, (Item(TEE, 2),), _to(HAZEL, "14.50"), status=2),
    Cart("export California", CARMEN, (Item(POSTER, 3),), _to(CARMEN, "24.00"), payment_method="Credit Card"),
    Cart("export Canada, guest", NOAH, (Item(SCARF),), _to(NOAH, "24.00"), payment_method="Credit Card"),
    Cart("line discount", BRAM, (Item(TEE, 2, off=D("5.00")), Item(PEN, 3)), _to(BRAM)),
    Cart("coupon", ANNA, (Item(MUG, 2), Item(LAMP), Item(BELL)), _to(ANNA), coupon=D("10.00"), status=3),
    Cart(
        "coupon over two VAT rates",
        BRAM,
        (Item(BOOK), Item(CANDLE, 2)),
        _to(BRAM),
        coupon=D("7.50"),
        code="SPRING",
    ),
    Cart("order discount by hand", ANNA, (Item(LAMP, 2), Item(BOOK)), _to(ANNA), manual=D("25.00")),
    Cart(
        "line discount, coupon and order discount",
        BRAM,
        (Item(SCARF, 2, off=D("4.00")), Item(BOTTLE), Item(BOOK, 3)),
        _to(BRAM),
        coupon=D("12.00"),
        manual=D("3.33"),
        status=10,
    ),
    Cart(
        "free shipping",
        ANNA,
        (Item(LAMP),),
        (Parcel(ANNA, method="Free delivery", list_price=D("4.95")),),
    ),
    Cart("shipping without tax", BRAM, (Item(BOTTLE, 2),), (Parcel(BRAM, D("6.50"), shipping_rate=D(0)),)),
    Cart("fee", ANNA, (Item(CABLE),), _to(ANNA), fees=(Fee("Deposit handling", D("2.50")),)),
    Cart(
        "two fees, one misspelt by the API",
        BRAM,
        (Item(MUG),),
        _to(BRAM),
        fees=(Fee("Small order", D("3.00"), misspelt=True), Fee("Rush", D("7.50"))),
    ),
    Cart("guest", GUEST, (Item(CANDLE), Item(MUG)), _to(GUEST)),
    Cart("guest again", GUEST, (Item(POSTER),), _to(GUEST), message="Please ring twice"),
    Cart("domestic company", STUDIO, (Item(LAMP, 4),), _to(STUDIO), payment_method="Bank Deposit", status=2),
    Cart("B2B Germany, zero-rated", WERKSTATT, (Item(LAMP, 2),), _to(WERKSTATT, "12.00"), exempt=True),
    Cart("B2B Belgium, zero-rated", ATELIER, (Item(TEE, 5), Item(BOOK)), _to(ATELIER, "9.00"), exempt=True),
    Cart(
        "four-decimal price",
        BRAM,
        (Item(STICKER, 250, price=D("0.0840")), Item(PEN, 8, D("1.2375"))),
        _to(BRAM),
    ),
    Cart("digital only", ANNA, (Item(EBOOK),), status=10),
    Cart(
        "digital only, guest in Germany",
        GRETA.as_guest(),
        (Item(EBOOK, 2),),
        status=10,
        payment_method="PayPal",
    ),
    Cart("digital and physical", BRAM, (Item(EBOOK), Item(MUG)), _to(BRAM)),
    Cart("sixty lines", STUDIO, _sixty(), _to(STUDIO, "14.95"), status=9),
    Cart(
        "two shipping addresses",
        ANNA,
        (Item(MUG, 2), Item(BOOK, parcel=1), Item(CABLE, parcel=1)),
        (Parcel(ANNA, D("4.95")), Parcel(ANNA.at("Laan 99", "2512 GL", "Den Haag"), D("5.95"))),
    ),
    Cart("bundle", BRAM, (Item(LAMP, bundle=(CABLE, STICKER)), Item(MUG)), _to(BRAM)),
    Cart("gift wrapping", ANNA, (Item(MUG, wrapping=D("2.95")), Item(BOOK, wrapping=D("2.95"))), _to(ANNA)),
    Cart("handling", BRAM, (Item(LAMP),), _to(BRAM, "4.95", "3.75")),
    Cart("known to the accounting system", KNOWN, (Item(BELL, 2),), _to(KNOWN)),
    Cart("collected in store", ANNA, (Item(SCARF),), status=8, pickup=True),
    Cart("cash on delivery", BRAM, (Item(BOTTLE),), _to(BRAM), payment_method="Cash on Delivery", status=10),
    Cart("product without SKU", ANNA, (Item(NO_SKU),), _to(ANNA)),
    Cart(
        "consignments without lines",
        BRAM,
        (Item(MUG), Item(BOOK)),
        _to(BRAM),
        consignments_empty=True,
        status=11,
    ),
    # One cent of tax can be 9 or 21 percent of this amount. Only the tax table has the rate.
    Cart("rate only in the tax table", BRAM, (Item(STICKER, price=D("0.08")), Item(MUG)), _to(BRAM)),
)

# Coupons of every type, and payments that are not discounts.
MONEY = (
    Cart("coupon per item", ANNA, (Item(MUG, 3), Item(BOOK)), _to(ANNA), coupon=D("4.50"), code="MUGS", coupon_type=0),
    Cart("percentage coupon", BRAM, (Item(LAMP), Item(PEN, 3)), _to(BRAM), coupon=D("9.61"), code="TEN", coupon_type=1),
    Cart(
        "shipping coupon",
        ANNA,
        (Item(BOTTLE),),
        (Parcel(ANNA, D("2.48"), list_price=D("4.95")),),
        code="HALFWAY",
        coupon_type=3,
        shipping_off=D("2.47"),
    ),
    Cart(
        "free shipping coupon",
        BRAM,
        (Item(TEE), Item(BOOK)),
        (Parcel(BRAM, list_price=D("4.95")),),
        code="FREESHIP",
        coupon_type=4,
        shipping_off=D("4.95"),
    ),
    Cart("promotion", ANNA, (Item(CANDLE, 4), Item(BOOK)), _to(ANNA), coupon=D("12.00"), coupon_type=5),
    Cart("paid in part with store credit", BRAM, (Item(LAMP),), _to(BRAM), credit=D("15.00")),
    Cart("paid in part with a gift certificate", ANNA, (Item(SCARF),), _to(ANNA), certificate=D("25.00")),
    Cart("paid in dollars", CARMEN, (Item(MUG, 4),), _to(CARMEN, "24.00"), currency="USD"),
    Cart("business in Germany that paid VAT", WERKSTATT, (Item(CABLE, 6),), _to(WERKSTATT, "12.00")),
    Cart(
        "price basis only from the totals",
        BRAM,
        (Item(MUG, 2), Item(BOOK)),
        _to(BRAM),
        coupon=D("5.00"),
        tells_basis=False,
    ),
)

# Orders that change after the sale, some before they are first read, some after their invoice.
AFTERWARDS = (
    Cart("refunded when first seen", ANNA, (Item(TEE, 2), Item(BOOK)), _to(ANNA), past=(Deed(),)),
    Cart(
        "refunded twice in part when first seen",
        BRAM,
        (Item(CANDLE, 3), Item(BOOK)),
        _to(BRAM),
        past=(Deed(pieces=(1,)), Deed(whole=D("2.50"))),
    ),
    Cart("a refund that was declined", ANNA, (Item(POSTER, 2),), _to(ANNA), past=(Deed(declined=D("34.75")),)),
    Cart("refunded in full later", BRAM, (Item(LAMP), Item(CABLE)), _to(BRAM), later=(Deed(),)),
    Cart(
        "refunded in parts later, and then the rest",
        ANNA,
        (Item(SCARF, 3), Item(BOOK)),
        _to(ANNA),
        later=(Deed(pieces=(1,)), Deed(shipping=D("4.95")), Deed(pieces=(2, 1))),
    ),
    Cart("cancelled later", BRAM, (Item(BELL, 2), Item(BOOK)), _to(BRAM), later=(Deed("cancel"),)),
    Cart(
        "refunded in part and cancelled later",
        ANNA,
        (Item(MUG, 3), Item(EBOOK)),
        _to(ANNA),
        later=(Deed(pieces=(1,)), Deed("cancel")),
    ),
    Cart("edited later", BRAM, (Item(BOTTLE, 2), Item(BOOK)), _to(BRAM), later=(Deed("edit", quantity=3),)),
)

CARTS = (*SOLD, *MONEY, *AFTERWARDS)
