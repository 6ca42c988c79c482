"""Figures and details are for this machine, or for the bearer of the token."""

import pytest
from django.test import RequestFactory
from pytest_django.fixtures import Settings

from connector.api.access import may_see_figures

TOKEN = "token-for-the-monitor"


@pytest.mark.parametrize(("address", "may"), [("127.0.0.1", True), ("::1", True), ("192.0.2.7", False), ("", False)])
def test_without_a_token_this_machine_may(rf: RequestFactory, address: str, may: bool) -> None:
    assert may_see_figures(rf.get("/metrics", REMOTE_ADDR=address)) is may


@pytest.mark.parametrize("name", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
def test_a_proxy_on_this_machine_may_not(rf: RequestFactory, name: str) -> None:
    assert not may_see_figures(rf.get("/metrics", headers={name: "127.0.0.1"}))


@pytest.mark.parametrize(
    ("said", "may"),
    [(f"Bearer {TOKEN}", True), (None, False), (TOKEN, False), ("Bearer é", False), (f"Bearer {TOKEN}x", False)],
)
def test_with_a_token_only_its_bearer_may(rf: RequestFactory, settings: Settings, said: str | None, may: bool) -> None:
    settings.METRICS_TOKEN = TOKEN
    headers = {} if said is None else {"Authorization": said}
    for address in ("127.0.0.1", "192.0.2.7"):
        assert may_see_figures(rf.get("/metrics", headers=headers, REMOTE_ADDR=address)) is may
