"""A customer gets everything that is kept, in a file that nobody else reads."""

import json
from pathlib import Path

import pytest

from connector.flow.records.privacy import export
from connector.flow.records.privacy.subject import find
from tests.acme import Acme
from tests.flow.records import canary
from tests.flow.records.canary import EMAIL, KEY, NAME, ORDER, STREET


@pytest.fixture
def lived(acme: Acme) -> Acme:
    """Acme, of which one customer stands in every place."""
    canary.live(acme)
    canary.scatter(acme)
    return acme


def test_it_has_every_place_where_the_customer_stands(lived: Acme, tmp_path: Path) -> None:
    file, before = tmp_path / "export.json", canary.found()
    export.write(find(lived.store.tenant, KEY), file)
    kept = json.loads(file.read_text(encoding="utf-8"))
    assert (kept["organisation"], kept["store"], kept["customer"]) == ("demo", "nlshop1", KEY)
    assert kept["store_customer"]["email"] == EMAIL
    assert kept["store_customer"]["addresses"][0]["street_1"] == STREET
    assert {document["order_id"] for document in kept["documents"]} == {ORDER}
    assert any(NAME in str(line["sent"]) for document in kept["documents"] for line in document["lines"])
    for part in ("links", "accounts", "matches", "conflicts", "history", "deliveries", "runs", "elsewhere"):
        assert kept[part], part
    tables = {row["table"] for row in kept["elsewhere"]}
    assert {"connector_alert", "connector_bulkrun", "connector_closedmonth", "connector_discrepancy"} <= tables
    assert canary.found() == before


def test_only_its_owner_reads_it_and_it_replaces_nothing(lived: Acme, tmp_path: Path) -> None:
    subject, file = find(lived.store.tenant, KEY), tmp_path / "export.json"
    export.write(subject, file)
    assert file.stat().st_mode & 0o777 == 0o600
    written = file.read_bytes()
    with pytest.raises(FileExistsError):
        export.write(subject, file)
    assert file.read_bytes() == written
