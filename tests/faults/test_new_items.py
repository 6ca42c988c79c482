"""Items of unknown SKUs are made once each, however many workers die while they are made."""

from itertools import count

import pytest

from connector.clients.exact.bodies import ItemIn
from connector.clients.exact.calls import DivisionCalls
from connector.clients.exact.items import create_item
from connector.clients.exact.master import MasterRecord
from connector.flow.invoice import make_items
from connector.models import ItemLink, OrderSync
from tests.faults.setup.simulation import Killed, Simulation
from tests.flow.invoice.new_goods import create_items, items_in_exact, place

ORDERS, SKUS, KILLED = 100, 40, 20


@pytest.fixture
def deaths(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every other request to make an item kills its worker: before it is sent, or before its answer is read."""
    died: list[str] = []
    asked = count()

    def create(division: DivisionCalls, item: ItemIn) -> MasterRecord:
        number = next(asked)
        dies = number % 2 == 0 and len(died) < KILLED
        if dies and number % 4 == 0:
            died.append("before")
            raise Killed
        made = create_item(division, item)
        if dies:
            died.append("after")
            raise Killed
        return made

    monkeypatch.setattr(make_items, "create_item", create)
    return died


def test_a_hundred_orders_with_forty_unknown_skus_make_forty_items(simulation: Simulation, deaths: list[str]) -> None:
    acme = simulation.acme
    create_items(acme)
    acme.sandbox.exact.set(minute_limit=100_000, day_limit=1_000_000)
    before = {code for code, rows in items_in_exact(acme).items() for _ in rows}
    for number in range(ORDERS):
        skus = [f"NEW-{(number + step) % SKUS:02d}" for step in (0, 7)]
        simulation.deliver(place(acme, *skus, order_id=7001 + number))
    for _ in range(KILLED):
        simulation.until_quiet()
        if not OrderSync.objects.exclude(state="posted").exists():
            break
    made = {code: rows for code, rows in items_in_exact(acme).items() if code not in before}
    assert sorted(made) == [f"new-{number:02d}" for number in range(SKUS)]
    assert {len(rows) for rows in made.values()} == {1}
    assert (len(deaths), set(deaths)) == (KILLED, {"before", "after"})
    assert ItemLink.objects.filter(made=True).count() == SKUS
    # This Exact allows more calls a minute than a real one, so that the run is short.
    assert [breach for breach in simulation.breaches() if breach.heading != "limit"] == []
    assert len(acme.invoices()) == ORDERS
