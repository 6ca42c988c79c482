"""Items against scripted answers."""

from typing import Any

import pytest

from connector.clients import errors
from connector.clients.exact import items
from connector.clients.exact.bodies import ItemIn
from tests.clients.exact.test_client import ID, ROOT, client_of
from tests.clients.scripted import Script, reply

MUG = {"ID": ID, "Code": "MUG", "Description": "Mug", "IsSalesItem": True, "Division": 123456}
NEW = ItemIn(code="MUG", description="Mug")


def rows(*found: object) -> object:
    return {"d": {"results": list(found)}}


def test_items_are_found_by_their_codes_eight_a_call() -> None:
    codes = [f"'SKU-{number}" for number in range(17)]
    script = Script(*(reply(rows({**MUG, "Code": each})) for each in (codes[0], codes[8], codes[16])))
    found = list(items.items_with_codes(client_of(script), [*codes, codes[0]]))
    assert [(one.code, one.exact_id, one.data["is_sales"]) for one in found] == [
        (code, ID, True) for code in (codes[0], codes[8], codes[16])
    ]
    assert [request.params["$filter"].count("Code eq '''SKU-") for request in script.sent] == [8, 8, 1]
    assert list(items.items_with_codes(client_of(Script()), [])) == []


def test_the_address_of_a_look_up_is_short_enough_in_every_script() -> None:
    script = Script(reply(rows()))
    list(items.items_with_codes(client_of(script), [f"{number}{'ق' * 29}" for number in range(8)]))
    assert len(script.sent[0].full_url) < 2048


def test_a_new_item_is_sold_and_kept_in_stock_only_when_asked() -> None:
    script = Script(reply({"d": MUG}, 201), reply({"d": MUG}, 201))
    made = items.create_item(client_of(script), NEW)
    assert (made.code, made.name, made.exact_id) == ("MUG", "Mug", ID)
    items.create_item(client_of(script), ItemIn(code="mug", description="Mug", group_id=ID, unit="pc", stock=True))
    bodies: list[Any] = [request.json for request in script.sent]
    first, second = bodies
    assert first == {"Code": "MUG", "Description": "Mug", "IsSalesItem": True, "IsStockItem": False}
    assert (second["ItemGroup"], second["Unit"], second["IsStockItem"]) == (ID, "pc", True)


def test_a_brief_answer_is_completed_by_what_was_sent() -> None:
    brief = {"ID": ID, "Code": None, "Description": None, "IsSalesItem": None}
    made = items.create_item(client_of(Script(reply({"d": brief}, 201))), NEW)
    assert (made.code, made.name, made.data["is_sales"]) == ("MUG", "Mug", True)


@pytest.mark.parametrize("answer", [{**MUG, "Code": "CUP"}, {**MUG, "Division": 7}, {**MUG, "ID": None}])
def test_an_answer_about_another_item_is_no_answer(answer: object) -> None:
    with pytest.raises(errors.OutcomeUnknown):
        items.create_item(client_of(Script(reply({"d": answer}, 201))), NEW)


def test_whether_an_invoice_has_an_item_is_asked_of_its_lines() -> None:
    script = Script(reply(rows({"ID": ID})), reply(rows()))
    client = client_of(script)
    assert items.is_on_an_invoice(client, ID)
    assert not items.is_on_an_invoice(client, ID)
    assert script.sent[0].params["$filter"] == f"Item eq guid'{ID}'"


def test_an_item_is_deleted_by_its_id() -> None:
    script = Script(reply(b"", 204))
    items.delete_item(client_of(script), ID)
    assert (script.sent[0].method, script.sent[0].url) == ("DELETE", f"{ROOT}logistics/Items(guid'{ID}')")
