"""The findings: trouble is one of them, never an exception."""

from typing import Any

import pytest

from connector.flow.setup.connection_test.findings import EXACT_SIDE, STORE_SIDE
from tests.acme import Acme
from tests.flow.setup.connection_test.test_run import findings, wrong


def test_clocks_that_differ_are_reported_and_hours_of_time_zone_are_not(acme: Acme) -> None:
    acme.sandbox.stores.advance(-290)
    acme.sandbox.exact.advance(290)
    reported = [finding.text for finding in findings(acme) if finding.name == "clock"]
    assert "ahead of BigCommerce" in reported[0]
    assert "behind Exact" in reported[1]


@pytest.mark.parametrize("fault", ["503_html", "200_html", "429_minute", "429_day", "close_before", "401"])
def test_a_vendor_in_trouble_is_a_finding_and_never_an_exception(acme: Acme, fault: str) -> None:
    acme.sandbox.exact.faults.add(fault, "*", "*/api/v1/*", times=-1)
    acme.sandbox.stores.faults.add(fault, times=-1)
    found = wrong(acme)
    assert len(found) in {1, 2}
    assert {finding.side for finding in findings(acme)} == {STORE_SIDE, EXACT_SIDE}


def test_credentials_that_cannot_be_decrypted_are_a_finding(acme: Acme, settings: Any) -> None:
    settings.SALT_KEY = ["another-key"]
    assert "credentials" in wrong(acme)
