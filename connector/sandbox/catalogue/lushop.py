"""Orders of lushop1: a store in Luxembourg, prices without tax."""

from decimal import Decimal as D

from connector.sandbox.catalogue.cart import Cart, Deed, Fee, Item, Parcel
from connector.sandbox.catalogue.goods import BELL, BOOK, BOTTLE, CABLE, EBOOK, LAMP, MUG, PEN, TEE, Product
from connector.sandbox.catalogue.people import Person

MIA = Person(501, "Mia", "Weber", "4 rue de la Gare", "1611", "Luxembourg", "LU", "mia@kunde.example")
TOM = Person(502, "Tom", "Schmit", "18 Grand-Rue", "9240", "Diekirch", "LU", "tom@kunde.example")
ZOE = Person(0, "Zoe", "Hoffmann", "7 Beim Schlass", "9710", "Clervaux", "LU", "zoe@kunde.example")
KONTOR = Person(
    503,
    "Nico",
    "Thill",
    "33 boulevard Royal",
    "2449",
    "Luxembourg",
    "LU",
    "compta@kontorthill.example",
    company="Kontor Thill Sarl",
    vat_number="LU12345613",
)
BOEKEN = Person(
    504,
    "Nele",
    "Wouters",
    "Bondgenotenlaan 9",
    "3000",
    "Leuven",
    "BE",
    "nele@boekenwouters.example",
    company="Boeken Wouters BV",
    vat_number="BE0655123449",
)
ALAN = Person(505, "Alan", "Reid", "12 High Street", "BS1 2AW", "Bristol", "GB", "alan@kunde.example")
RUTH = Person(506, "Ruth", "Baum", "Kirchgasse 1", "8001", "Zuerich", "CH", "ruth@kunde.example")
SAM = Person(0, "Sam", "Ortiz", "88 Market Street", "92101", "San Diego", "US", "sam@kunde.example", "California")
# The figures of a real order: 3 % on goods and 1 % on shipping, which the prices do not include.
SANDALS = Product(51, "SANDAL-42", "Leather sandals", D("123.55"), D("119.95"), reduced=True)
JANA = Person(0, "Jana", "Adler", "1 rue Exemple", "4001", "Esch-sur-Alzette", "LU", "jana@kunde.example")


def _to(person: Person, shipping: str = "5.50") -> tuple[Parcel, ...]:
    return (Parcel(person, D(shipping)),)


CARTS = (
    Cart(
        "order 112: 3 % goods, 1 % shipping, guest",
        JANA,
        (Item(SANDALS),),
        (Parcel(JANA, D("10.00"), shipping_rate=D(1)),),
        payment_method="Cash on Delivery",
        status=10,
        order_id=112,
        message="note",
    ),
    Cart("Luxembourg, prices without tax", MIA, (Item(MUG, 4),), _to(MIA)),
    Cart("Luxembourg, two VAT rates", TOM, (Item(BOOK), Item(LAMP)), _to(TOM), status=2),
    Cart("Luxembourg, guest", ZOE, (Item(TEE),), _to(ZOE), payment_method="PayPal"),
    Cart("Luxembourg, company", KONTOR, (Item(PEN, 50), Item(CABLE, 4)), _to(KONTOR), status=9),
    Cart("Luxembourg, coupon", MIA, (Item(LAMP), Item(BELL, 2)), _to(MIA), coupon=D("8.00")),
    Cart("Luxembourg, order discount", TOM, (Item(BOTTLE, 3), Item(BOOK)), _to(TOM), manual=D("6.00")),
    Cart(
        "Luxembourg, fee and handling",
        MIA,
        (Item(CABLE),),
        (Parcel(MIA, D("5.50"), D("2.20")),),
        fees=(Fee("Oversize", D("11.00")),),
    ),
    Cart("Luxembourg, digital only", TOM, (Item(EBOOK, 3),), status=10, payment_method="PayPal"),
    Cart("Luxembourg, four-decimal price", KONTOR, (Item(PEN, 400, D("0.4375")),), _to(KONTOR)),
    Cart(
        "B2B Belgium from Luxembourg, zero-rated",
        BOEKEN,
        (Item(BOOK, 20),),
        _to(BOEKEN, "12.00"),
        exempt=True,
    ),
    Cart("export United Kingdom from Luxembourg", ALAN, (Item(LAMP),), _to(ALAN, "21.00"), status=2),
    Cart(
        "export Switzerland from Luxembourg",
        RUTH,
        (Item(TEE, 2),),
        _to(RUTH, "17.50"),
        payment_method="PayPal",
    ),
    Cart("export California from Luxembourg, guest", SAM, (Item(MUG, 2),), _to(SAM, "26.00"), status=11),
    Cart(
        "Luxembourg, the shipping comes back later",
        MIA,
        (Item(MUG), Item(BOOK)),
        _to(MIA),
        later=(Deed(shipping=D("5.50")),),
    ),
)
