"""The life of a hook in the fake stores."""

from collections.abc import Iterator

import pytest

from connector.sandbox.bigcommerce.service import FakeStores
from connector.sandbox.bigcommerce.state import Account
from connector.sandbox.catalogue.shops import NLSHOP
from tests.sandbox.bigcommerce.client import Api

HOOK = {
    "scope": "store/order/created",
    "destination": "http://127.0.0.1:8000/webhooks/x/",
    "headers": {"X-Connector-Secret": "s"},
}


@pytest.fixture
def stores() -> Iterator[FakeStores]:
    with FakeStores() as service:
        service.open(NLSHOP)
        yield service


@pytest.fixture
def api(stores: FakeStores) -> Api:
    return Api(stores, NLSHOP)


def test_made_found_changed_and_deleted(api: Api) -> None:
    made = api.send("POST", "v3/hooks", HOOK)
    assert made.status == 200
    hook = made.json["data"]
    assert made.json["meta"] == {}
    assert {key: hook[key] for key in HOOK} == HOOK
    assert hook["is_active"] is True
    assert (hook["client_id"], hook["store_hash"]) == (NLSHOP.client_id, "nlshop1")
    assert isinstance(hook["created_at"], int)

    address = f"v3/hooks/{hook['id']}"
    assert api.get(address).json["data"] == hook
    changed = api.send("PUT", address, {"is_active": False}).json["data"]
    assert changed == hook | {"is_active": False, "updated_at": changed["updated_at"]}
    assert api.send("DELETE", address).json["data"] == changed
    gone = api.get(address)
    assert (gone.status, gone.json["title"]) == (404, f"Webhook with id [{hook['id']}] not found")


def test_lists_are_filtered_and_paged(api: Api) -> None:
    for scope in ("created", "updated", "archived"):
        api.send("POST", "v3/hooks", HOOK | {"scope": f"store/order/{scope}"})
    api.send("PUT", f"v3/hooks/{api.get('v3/hooks').json['data'][2]['id']}", {"is_active": False})
    assert len(api.get("v3/hooks", scope="store/order/updated").json["data"]) == 1
    assert len(api.get("v3/hooks", is_active="true").json["data"]) == 2
    assert api.get("v3/hooks", destination="http://elsewhere").json["data"] == []
    page = api.get("v3/hooks", limit=2, page=2).json
    assert len(page["data"]) == 1
    assert page["meta"]["pagination"] | {"links": None} == {
        "total": 3,
        "count": 1,
        "per_page": 2,
        "current_page": 2,
        "total_pages": 2,
        "links": None,
    }


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"destination": None}, "destination"),
        ({"scope": 5}, "scope"),
        ({"scope": "orders"}, "scope"),
        ({"destination": "ftp://x"}, "destination"),
        ({"destination": "https://x.example:8443/"}, "destination"),
        ({"headers": {"X": 1}}, "headers"),
        ({"is_active": "yes"}, "is_active"),
    ],
)
def test_a_bad_hook_is_refused_with_the_field(api: Api, change: dict[str, object], field: str) -> None:
    answer = api.send("POST", "v3/hooks", HOOK | change)
    assert answer.status == 422
    assert answer.json["title"] == "JSON data is missing or invalid"
    assert list(answer.json["errors"]) == [field]


def test_a_missing_field_and_an_empty_change(api: Api) -> None:
    answer = api.send("POST", "v3/hooks", {"scope": "store/order/created"})
    assert answer.json["errors"] == {"destination": "error.path.missing."}
    number = api.send("POST", "v3/hooks", HOOK).json["data"]["id"]
    assert api.send("PUT", f"v3/hooks/{number}", {}).status == 422


def test_one_hook_per_scope_and_destination_and_ten_per_scope(api: Api) -> None:
    api.send("POST", "v3/hooks", HOOK)
    assert api.send("POST", "v3/hooks", HOOK).status == 422
    more = [api.send("POST", "v3/hooks", HOOK | {"destination": f"http://127.0.0.1/{n}"}) for n in range(10)]
    assert [answer.status for answer in more] == [200] * 9 + [422]


def test_only_https_when_the_setting_says_so(stores: FakeStores, api: Api) -> None:
    stores.allow_http = False
    assert list(api.send("POST", "v3/hooks", HOOK).json["errors"]) == ["destination"]
    assert api.send("POST", "v3/hooks", HOOK | {"destination": "https://shop.example/hook"}).status == 200


def test_another_account_does_not_see_the_hooks(stores: FakeStores, api: Api) -> None:
    number = api.send("POST", "v3/hooks", HOOK).json["data"]["id"]
    stores.store("nlshop1").add_account(Account("other", "other-secret", "other-token"))
    other = Api(stores, NLSHOP, token="other-token")
    assert other.get("v3/hooks").json["data"] == []
    assert other.get(f"v3/hooks/{number}").status == 404
    assert other.send("DELETE", f"v3/hooks/{number}").status == 404
    assert other.send("POST", "v3/hooks", HOOK).status == 200
