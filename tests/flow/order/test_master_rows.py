"""Some lists of a division's master data are read again, and what changed is known."""

from connector.flow.order.master_rows import read_again
from connector.flow.outbound.clients import exact_client
from connector.models import MasterData
from connector.sandbox.exact.invoice_checks import ITEMS, VAT_CODES
from tests.acme import DIVISION, Acme


def read(acme: Acme, *kinds: str, items: tuple[str, ...] = ()) -> frozenset[tuple[str, str]]:
    division = acme.connection.division
    return read_again(division, exact_client(division.grant, division.code), kinds, items=items)


def test_nothing_differs(acme: Acme) -> None:
    before = acme.exact_calls()
    assert read(acme, "vat_code", "journal", "account") == frozenset()
    assert acme.exact_calls() == before + 2


def test_what_is_gone_new_and_otherwise(acme: Acme) -> None:
    acme.sandbox.exact.remove(DIVISION, VAT_CODES, acme.sandbox.exact.id_of(DIVISION, VAT_CODES, "1"))
    key = acme.sandbox.exact.id_of(DIVISION, VAT_CODES, "2")
    acme.sandbox.exact.change(DIVISION, VAT_CODES, key, IsBlocked=True)
    MasterData.objects.filter(kind="vat_code", code="3").delete()
    assert read(acme, "vat_code") == {("vat_code", "1"), ("vat_code", "2"), ("vat_code", "3")}
    codes = MasterData.objects.filter(kind="vat_code")
    assert not codes.filter(code="1").exists()
    assert codes.get(code="2").data["blocked"]


def test_of_the_items_only_those_with_the_codes_are_read_twenty_a_call(acme: Acme) -> None:
    acme.sandbox.exact.remove(DIVISION, ITEMS, acme.sandbox.exact.id_of(DIVISION, ITEMS, "SHIP"))
    acme.sandbox.exact.remove(DIVISION, ITEMS, acme.sandbox.exact.id_of(DIVISION, ITEMS, "PEN-01"))
    assert read(acme, "item") == frozenset()  # no code, no call
    before = acme.exact_calls()
    asked = ("SHIP", "O'Neill", *(f"NONE-{number}" for number in range(20)))
    assert read(acme, "item", items=asked) == {("item", "SHIP")}
    assert acme.exact_calls() == before + 2
    assert MasterData.objects.filter(kind="item", code="PEN-01").exists()
