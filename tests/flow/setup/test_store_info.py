"""What a store says of itself."""

from types import SimpleNamespace

import pytest

from connector.clients.bigcommerce.client import StoreInfo
from connector.flow.setup import store_info
from connector.flow.setup.provision.schema import Refused


def zone_of(named: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The time zone that is kept of a store that names it so."""
    info = StoreInfo("Shop", "USD", named, "US", prices_include_tax=False, plan="Plus")
    monkeypatch.setattr(store_info, "trial_client", lambda *given, **more: SimpleNamespace(store=lambda: info))
    found = store_info.store_info(None, "shop1", "token")
    return str(store_info.columns_of(found)["timezone"])


@pytest.mark.parametrize("named", ["US/Central", "America/Chicago", "america/chicago ", "GMT"])
def test_store_zones(named: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert zone_of(named, monkeypatch).casefold() == named.strip().casefold()


@pytest.mark.parametrize("named", ["", "(GMT -6:00) Central Time", "localtime", "Factory", "Europe", "UTC+1"])
def test_store_zones_that_nobody_knows_are_named(named: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Refused) as caught:
        zone_of(named, monkeypatch)
    assert f'its time zone in BigCommerce is "{named}"' in str(caught.value)
    assert "Choose the store's time zone in BigCommerce" in str(caught.value)
