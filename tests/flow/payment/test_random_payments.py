"""Any chain of captures, refunds, voids and edits, with vouchers: each account ends right, each payment is booked once.

The chains are drawn from a seed. The store reports the order after some of the steps, and some answers of Exact are
lost. What must be left is added up from what the shopper, the gateway and the merchant did, and from nothing else.
"""

import os
from collections import Counter, defaultdict
from decimal import Decimal as D
from random import Random
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from tests.acme import DIVISION, Acme
from tests.flow.payment.test_payments import authorised, balances, connected, look, receipts, store
from tests.flow.payment.test_receipt import BANK

SEEDS = range(int(os.environ.get("GENERATED_CHAINS", "4")))
STEPS = ["capture", "capture", "refund", "void", "goodwill", "edit"]


class Shop:
    """Order 1001 as the world sees it: what was taken, given back and promised, in EUR."""

    def __init__(self, acme: Acme, chance: Random, *, single: bool) -> None:
        self.acme, self.chance, self.single = acme, chance, single
        self.gift, self.credit = chance.choice([(D("0.00"), D("0.00")), (D("5.00"), D("2.90"))])
        self.money, self.goodwill = D(0), D(0)
        self.given: dict[int, D] = {}
        self.captures: dict[int, dict[str, Any]] = {}
        store(acme).orders[1001].order |= {
            "gift_certificate_amount": str(self.gift),
            "store_credit_amount": str(self.credit),
        }
        self.promise = authorised(acme)

    def part_of(self, amount: D) -> D:
        return D(self.chance.randint(1, int(amount * 100))) / 100

    def capture(self) -> None:
        due = self.acme.total(1001) - self.gift - self.credit - self.money - self.goodwill
        if due > 0:
            amount = self.chance.choice([due, self.part_of(due)])
            row = store(self.acme).transact(1001, "capture", amount, about=self.promise)
            self.captures[row["id"]] = row
            self.money += amount

    def refund(self) -> None:
        """The gateway's own portal gives money back."""
        if self.money > 0:
            amount = self.part_of(self.money)
            store(self.acme).transact(1001, "refund", amount)
            self.money -= amount

    def void(self) -> None:
        number, row = self.captures.popitem() if self.captures else (0, {})
        if row and D(str(row["amount"])) <= self.money:
            names = self.chance.choice([{"about": number}, {"gateway_id": row["gateway_transaction_id"]}])
            store(self.acme).transact(1001, "void", D(str(row["amount"])), **names)
            self.money -= D(str(row["amount"]))

    def give_back(self) -> None:
        """The merchant gives back an amount for the whole order, by the gateway or as store credit.

        An edit was seen before: a person decides about one that comes with a refund.
        """
        if self.money > D("0.10"):
            look(self.acme)
            amount = self.part_of(min(self.money, D("3.00")))
            credit = self.chance.choice([D(0), amount])
            row = store(self.acme).refund(1001, whole=amount, store_credit=credit)
            self.goodwill += amount
            self.money -= amount - credit
            self.given[row["id"]] = credit

    def edit(self) -> None:
        """The shopper takes one piece more. What was refunded is not edited: a person decides about that.

        A certificate of a single purpose may pay for some of it, which lowers the next invoice.
        """
        if not self.given:
            line = store(self.acme).orders[1001].products[0]
            store(self.acme).edit(1001, line["id"], quantity=line["quantity"] + 1)
            self.gift += self.chance.choice([D("0.00"), D("1.50")]) if self.single else 0
            store(self.acme).change(1001, gift_certificate_amount=str(self.gift))

    def do(self, step: str) -> None:
        {"goodwill": self.give_back}.get(step, getattr(self, step, self.give_back))()


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("purpose", ["multi", "single"])
def test_each_account_ends_right_and_each_payment_is_booked_once(
    acme: Acme, settings: Settings, purpose: str, seed: int
) -> None:
    """What a certificate of a single purpose paid is on no account: it lowers the invoice, whose VAT was paid."""
    settings.CONNECTOR_SETTLE_SECONDS = 60
    chance = Random(seed)
    booking = connected(acme, force_vat=True, gift_certificates=purpose)
    shop = Shop(booking, chance, single=purpose == "single")
    look(booking, "store/order/created")
    for step in chance.choices(STEPS, k=7):
        shop.do(step)
        if chance.random() < 0.3:
            booking.sandbox.exact.faults.add(chance.choice(["close_after", "close_before"]), "POST", BANK)
        if chance.random() < 0.6:
            look(booking)
    booking.sandbox.exact.faults.clear()
    look(booking)
    for _ in range(4):
        booking.make_due()
        booking.drain()
    rows = receipts(booking)
    assert {row.state for row in rows.values()} <= {"posted", "skipped"}, [row.message for row in rows.values()]
    lines = [entry["BankEntryLines"] for entry in booking.sandbox.exact.receipts(DIVISION)]
    assert max(Counter(each[0]["Description"] for each in lines).values(), default=1) == 1
    paid: dict[str, D] = defaultdict(D)
    for line in (line for entry in lines for line in entry):
        paid[line["GLAccountCode"]] += line["AmountFC"]
    given = sum((shop.given[note.sequence] for note in booking.credits(1001) if note.sequence in shop.given), D(0))
    debt, redeemed = (D(0), shop.gift) if shop.single else (shop.gift, D(0))
    assert paid["1300"] == shop.money + debt + shop.credit - given
    assert (paid["1540"], paid["1550"]) == (-debt, given - shop.credit)
    invoiced = sum((row["AmountFC"] for row in booking.in_exact(1001).values()), D(0))
    assert balances(booking).get("1300", D(0)) == invoiced - paid["1300"]
    assert invoiced == booking.total(1001) - redeemed - shop.goodwill
