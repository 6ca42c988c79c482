"""Orders that must get no invoice, or none without a person. They are not in the default catalogue."""

from decimal import Decimal as D

from connector.sandbox.catalogue.cart import Cart, Deed, Item, Parcel
from connector.sandbox.catalogue.goods import MUG, TEE
from connector.sandbox.catalogue.nlshop import ANNA
from connector.sandbox.catalogue.people import Person

KEIKO = Person(0, "Keiko", "Mori", "2-1 Marunouchi", "100-0005", "Tokyo", "JP", "keiko@shopper.example")


def _to(person: Person) -> tuple[Parcel, ...]:
    return (Parcel(person, D("4.95")),)


CARTS = (
    Cart("incomplete", ANNA, (Item(MUG),), _to(ANNA), status=0, order_id=9001),
    Cart("awaiting payment", ANNA, (Item(MUG),), _to(ANNA), status=7, order_id=9002),
    Cart("nothing to pay", ANNA, (Item(MUG, off=D("12.95")),), (Parcel(ANNA),), order_id=9003),
    Cart("test gateway", ANNA, (Item(TEE),), _to(ANNA), payment_method="Test Payment Gateway", order_id=9004),
    Cart("tax of a country without rules", KEIKO, (Item(TEE),), _to(KEIKO), rates=(D(10), D(8)), order_id=9005),
    Cart("three decimals, of which cents are kept", ANNA, (Item(TEE),), _to(ANNA), currency="KWD", order_id=9007),
    Cart("cancelled before it was read", ANNA, (Item(TEE),), _to(ANNA), past=(Deed("cancel"),), order_id=9008),
    Cart("unknown currency", ANNA, (Item(TEE),), _to(ANNA), currency="XTS", order_id=9006),
)
