"""What lies in the warehouses, against scripted answers."""

from decimal import Decimal

import pytest

from connector.clients import errors
from connector.clients.exact.stock import Position, positions_of
from tests.clients.exact.test_client import ID, client_of
from tests.clients.exact.test_items import rows
from tests.clients.scripted import Script, reply

SOUTH = "0E1C6A04-4B0E-4F7F-9C8D-5B3C1D2E3F40"


def row(**changes: object) -> dict[str, object]:
    return {"ID": ID, "Division": 123456, "Item": ID, "Warehouse": SOUTH, "CurrentStock": 2.5} | changes


def test_the_pieces_of_each_item_in_each_warehouse_are_read_twenty_items_a_call() -> None:
    items = [f"{number:08}-0000-4000-8000-000000000000" for number in range(21)]
    script = Script(reply(rows(row(), row(CurrentStock=None))), reply(rows(row(CurrentStock=-1))))
    found = list(positions_of(client_of(script), [*items, items[0]]))
    assert found == [Position(ID.casefold(), SOUTH.casefold(), Decimal(each)) for each in ("2.5", "0", "-1")]
    assert [request.params["$filter"].count("Item eq guid'") for request in script.sent] == [20, 1]
    assert max(len(request.full_url) for request in script.sent) < 2048
    assert list(positions_of(client_of(Script()), [])) == []


@pytest.mark.parametrize("changes", [{"Item": None}, {"Warehouse": "3"}, {"Division": 7}])
def test_a_position_that_cannot_be_read_is_no_answer(changes: dict[str, object]) -> None:
    with pytest.raises(errors.UnexpectedResponse):
        list(positions_of(client_of(Script(reply(rows(row(**changes))))), [ID]))
