"""The portal's own apps at Exact, as EXACT_APPS lists them."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.exact_apps import read_apps


def test_apps_by_region() -> None:
    assert read_apps("nl=id-1:secret=1:x, be=id-2:secret-2,") == {
        "nl": ("id-1", "secret=1:x"),
        "be": ("id-2", "secret-2"),
    }
    assert read_apps("") == {}


@pytest.mark.parametrize("text", ["nl", "nl=id", "nl=:secret", "xx=id:secret", "nl=id:s,be"])
def test_an_entry_that_is_none_stops_the_start_without_its_secret(text: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="EXACT_APPS") as refused:
        read_apps(text)
    assert "id" not in str(refused.value).replace("client_id", "")
