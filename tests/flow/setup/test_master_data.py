"""A division's master data is read from Exact, whatever the app may filter."""

from typing import Any

from connector.models import MasterData
from connector.sandbox import Sandbox
from tests.flow.setup.provision.test_run import run


def test_an_app_that_must_filter_reads_the_items_all_the_same(file: dict[str, Any], sandbox: Sandbox, db: None) -> None:
    sandbox.exact.set(mandatory_filter=True)
    run(file)
    assert MasterData.objects.filter(kind="item", code="WEBSHOP").exists()
