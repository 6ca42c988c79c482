"""Which request meets a fault that was set in advance, and how often."""

import pytest

from connector.sandbox.http.faults import Fault, Faults


def kinds(faults: Faults, *requests: tuple[str, str, bytes]) -> list[str]:
    found = [faults.take(*request) for request in requests]
    return [fault.kind if fault else "" for fault in found]


GET, POST = ("GET", "/orders", b""), ("POST", "/invoices", b'{"Name": "Abel"}')


def test_a_fault_meets_the_requests_that_it_names() -> None:
    faults = Faults()
    faults.add("401", "get", "/ord*")
    faults.add("delay", body="Abel")
    assert kinds(faults, POST, GET, GET, POST) == ["delay", "401", "", ""]


def test_it_comes_as_often_as_was_said_after_those_that_pass() -> None:
    faults = Faults()
    faults.add("500_before", times=2, skip=1)
    assert kinds(faults, GET, GET, GET, GET) == ["", "500_before", "500_before", ""]


def test_some_never_end_until_they_are_cleared() -> None:
    faults = Faults()
    faults.add("400:Onjuist", times=-1)
    assert kinds(faults, *[GET] * 5) == ["400:Onjuist"] * 5
    faults.clear()
    assert kinds(faults, GET) == [""]
    assert faults.to_json() == []


def test_an_unknown_kind_is_refused_and_those_that_exist_are_named() -> None:
    faults = Faults(own_kinds=["stale_read"])
    assert faults.add("stale_read").seconds == Fault("", seconds=60.0).seconds
    with pytest.raises(ValueError, match=r"No such fault: typo\. .*stale_read"):
        faults.add("typo")
