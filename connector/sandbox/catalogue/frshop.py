"""Orders of frshop1: a French boutique, prices with tax."""

from decimal import Decimal as D

from connector.sandbox.catalogue.cart import Cart, Deed, Fee, Item, Parcel
from connector.sandbox.catalogue.goods import (
    BOOK,
    BOTTLE,
    CABLE,
    EBOOK,
    LAMP,
    MUG,
    POSTER,
    SCARF,
    TEE,
    Product,
)
from connector.sandbox.catalogue.people import Person

MARIE = Person(401, "Marie", "Petit", "8 quai de Jemmapes", "75010", "Paris", "FR", "marie@client.example")
HUGO = Person(402, "Hugo", "Blanc", "3 place Bellecour", "69002", "Lyon", "FR", "hugo@client.example")
CLAIRE = Person(0, "Claire", "Noel", "21 rue Sainte", "13001", "Marseille", "FR", "claire@client.example")
BEAT = Person(404, "Beat", "Meier", "Rue du Rhone 40", "1204", "Geneve", "CH", "beat@client.example")
OLIVE = Person(0, "Olive", "Hart", "9 Castle Street", "EH2 3AH", "Edinburgh", "GB", "olive@client.example")
GRACE = Person(
    405, "Grace", "Lee", "1 Ocean Drive", "90401", "Santa Monica", "US", "grace@client.example", "California"
)
LEO = Person(406, "Leo", "Tremblay", "200 rue Peel", "H3C 2G6", "Montreal", "CA", "leo@client.example", "Quebec")
BUREAU = Person(
    407,
    "Paul",
    "Girard",
    "5 rue de Metz",
    "31000",
    "Toulouse",
    "FR",
    "compta@bureaugirard.example",
    company="Bureau Girard SARL",
    vat_number="FR75512345679",
)
LADEN = Person(
    408,
    "Uwe",
    "Kern",
    "Ringstrasse 14",
    "70173",
    "Stuttgart",
    "DE",
    "buchhaltung@ladenkern.example",
    company="Laden Kern GmbH",
    vat_number="DE812345673",
)
# The figures of a real order: ten at 250.00, a manual discount of 100.00, 5.5 % in the price.
HYDRATION = Product(41, "HYDRA-250", "Hydration set", D("250.00"), D("236.97"), reduced=True)
NADIA = Person(
    681,
    "Nadia",
    "Roche",
    "1 rue Exemple",
    "35000",
    "Rennes",
    "FR",
    "nadia@client.example",
    company="Info Ouest",
)


def _to(person: Person, shipping: str = "5.90") -> tuple[Parcel, ...]:
    return (Parcel(person, D(shipping)),)


CARTS = (
    Cart(
        "order 519: 100.00 off by hand over ten",
        NADIA,
        (Item(HYDRATION, 10),),
        (Parcel(NADIA, method="None"),),
        manual=D("100.00"),
        payment_method="Cash on Delivery",
        status=2,
        order_id=519,
        message="Order has been shipped.",
    ),
    Cart("France, prices with tax", MARIE, (Item(MUG, 2),), _to(MARIE), payment_method="Credit Card"),
    Cart("France, two VAT rates", HUGO, (Item(BOOK), Item(POSTER)), _to(HUGO), payment_method="Credit Card"),
    Cart("France, guest", CLAIRE, (Item(TEE), Item(SCARF)), _to(CLAIRE), payment_method="PayPal", status=2),
    Cart("France, coupon", MARIE, (Item(LAMP), Item(BOOK, 2)), _to(MARIE), coupon=D("15.00"), code="CANAL"),
    Cart("France, fee", HUGO, (Item(BOTTLE),), _to(HUGO), fees=(Fee("Contre-remboursement", D("4.00")),)),
    Cart("France, digital only", MARIE, (Item(EBOOK),), status=10, payment_method="PayPal"),
    Cart("France, company", BUREAU, (Item(LAMP, 3), Item(CABLE, 4)), _to(BUREAU), payment_method="Bank Deposit"),
    Cart("France, gift wrapping", HUGO, (Item(SCARF, wrapping=D("2.50")),), _to(HUGO), status=9),
    Cart("France, line discount", HUGO, (Item(TEE, 2, off=D("5.00")), Item(MUG)), _to(HUGO), status=9),
    Cart("B2B Germany from France, zero-rated", LADEN, (Item(POSTER, 10),), _to(LADEN, "14.00"), exempt=True),
    Cart("export Switzerland from France", BEAT, (Item(BOTTLE, 2),), _to(BEAT, "16.00"), status=10),
    Cart(
        "export United Kingdom from France",
        OLIVE,
        (Item(BOOK),),
        _to(OLIVE, "12.00"),
        payment_method="PayPal",
    ),
    Cart(
        "export California from France",
        GRACE,
        (Item(LAMP),),
        _to(GRACE, "32.00"),
        payment_method="Credit Card",
    ),
    Cart("export Canada from France", LEO, (Item(TEE, 3, off=D("7.50")),), _to(LEO, "28.00"), status=3),
    Cart(
        "France, an amount for the whole order later",
        HUGO,
        (Item(BOOK), Item(LAMP)),
        _to(HUGO),
        later=(Deed(whole=D("2.50")),),
    ),
)
