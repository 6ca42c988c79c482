"""The conditions that Exact takes in $filter, and the refusals of others."""

from collections.abc import Iterator

import pytest

from connector.sandbox.exact.service import FakeExact
from tests.sandbox.exact.client import Api


@pytest.fixture(scope="module")
def api() -> Iterator[Api]:
    with FakeExact.seed() as exact:
        yield Api(exact)


def names(api: Api, condition: str) -> list[str]:
    answer = api.get("crm/Accounts", filter=condition, select="Name", orderby="Name")
    assert answer.status == 200, answer.body
    return [row["Name"] for row in answer.rows]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("SearchCode eq 'webshop '", ["Webshop particulieren"]),
        ("Code eq '           0000002'", ["Kantoor Vandermeer BV"]),
        ("Code eq '0000002'", []),
        ("Email eq 'familie@jansma.example'", ["Tweelingen Jansma", "Tweelingen Jansma (oud)"]),
        (
            "Email eq 'familie@jansma.example' and Name ne 'Tweelingen Jansma'",
            ["Tweelingen Jansma (oud)"],
        ),
        ("substringof('(oud)',Name) eq true", ["Tweelingen Jansma (oud)"]),
        ("startswith(Name,'Kantoor') or endswith(Name,'Staal NV')", ["Kantoor Vandermeer BV", "Leverancier Staal NV"]),
        ("Blocked eq true", ["Geblokkeerd Krediet BV"]),
        ("VATNumber ne null", ["Kantoor Vandermeer BV"]),
        ("(Status eq 'P' or Status eq 'A') and not_a", None),
        ("Status eq 'P' or (Status eq 'A' and Name eq 'nobody')", ["Misschien Klant BV"]),
        ("Name eq 'O''Brien'", []),
        ("Created lt datetime'2020-01-01T00:00:00'", []),
        ("ID eq guid'00000000-0000-0000-0000-000000000000'", []),
    ],
)
def test_filter(api: Api, condition: str, expected: list[str] | None) -> None:
    if expected is None:
        assert api.get("crm/Accounts", filter=condition).status == 400
    else:
        assert names(api, condition) == expected


@pytest.mark.parametrize(
    ("path", "condition", "text"),
    [
        ("crm/Accounts", "Nam eq 'x'", "No property 'Nam'"),
        ("crm/Accounts", "AccountManagerHID eq 1", "Filtering on these fields is not supported: AccountManagerHID"),
        ("salesinvoice/SalesInvoices", "AmountFC eq 1", "Filtering on these fields is not supported: AmountFC"),
        ("crm/Accounts", "Name eq Email", "This $filter parameter is not supported"),
        ("crm/Accounts", "ID eq 'x'", "incompatible"),
        ("crm/Accounts", "Name eq", "Syntax error"),
        ("crm/Accounts", "Name eq 'x", "Syntax error"),
        ("crm/Accounts", "(Name eq 'x'", "Syntax error"),
        ("sync/CRM/Accounts", "Name eq 'x'", "Filtering on these fields is not supported"),
    ],
)
def test_refused_filter(api: Api, path: str, condition: str, text: str) -> None:
    answer = api.get(path, filter=condition)
    assert answer.status == 400
    assert text in answer.error
