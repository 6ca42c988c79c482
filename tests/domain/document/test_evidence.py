"""A file of evidence passes the check as it was written, and with no other byte."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from connector.domain.document import chain
from connector.domain.document.evidence import MANIFEST, NotEvidence, as_json, check, pack

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
NAME = "shop-100001-invoice-1"
FOLDER = f"documents/{NAME}/"
ABOUT = {"order": 1001, "documents": [NAME]}
CAME = (1, "w-1", "store/order/created", 1001, "", "secret", "", "{}")
DELIVERED = {"received_at": "now", **dict(zip(chain.DELIVERY, CAME, strict=True))}
ROW = {
    "store": "shop",
    "id": 1,
    "order_id": 1001,
    "kind": "invoice",
    "sequence": 1,
    "division": 100001,
    "total": "12.5",
}
CALL = chain.line("call", AT, "POST it", {"sent": chain.digest_of_text("{}")})
NOTES = [
    {**chain.line("transition", AT, "Noted.", {}), "who": "", "number": number, "place": 0, "sent": "", "answered": ""}
    for number in (1, 2)
]
LINES = [*({**CALL, "number": number, "place": 1, "sent": "{}", "answered": ""} for number in (1, 2)), *NOTES]


def entry(number: int, previous: str, **hashes: str) -> dict[str, Any]:
    """An entry that covers the call."""
    seal = {
        "document": [1, 1001, "invoice", 1, 100001],
        "who": "",
        "said": {"total": "12.5"},
        "hashes": hashes,
        "lines": [["call", CALL["at"], chain.digest(CALL)]],
    }
    content = chain.Entry(7, number, "transition", AT, "Noted.", {}, seal).content()
    return {"previous": previous, "hash": chain.chained(previous, content), "content": content}


def parts(**changed: Any) -> dict[str, bytes]:
    """The parts of a document, some of them changed."""
    first = entry(1, chain.genesis(7), order_data=chain.digest({"id": 1001}), delivery=chain.delivery("now", CAME))
    second = entry(2, first["hash"], draft=chain.digest({"gross": "1.00"}))
    values = {
        "document": {**ROW, "expired": []},
        "order_data": {"id": 1001},
        "draft": {"gross": "1.00"},
        "exact_data": None,
        "rules": None,
        "history": LINES,
        "chain": [first, second],
    }
    made = {f"{FOLDER}{name}.json": as_json(value) for name, value in (values | changed).items()}
    return {"index.html": b"<p>One</p>", "deliveries.json": as_json([DELIVERED]), **made}


NOT_REDUCED: list[Any] = [{"id": 1002}, {"id": 1001, "refund": {}}, []]


def refused(file: bytes) -> NotEvidence:
    """What the check says of a file that was changed."""
    with pytest.raises(NotEvidence) as caught:
        check(file)
    return caught.value


def test_what_was_written_passes() -> None:
    assert check(pack(ABOUT, parts()))["about"] == ABOUT


def test_the_same_parts_make_the_same_file_in_any_order() -> None:
    backwards = dict(reversed(parts().items()))
    assert pack(ABOUT, parts()) == pack(ABOUT, backwards)


def test_each_changed_byte_is_found() -> None:
    file = pack(ABOUT, parts())
    for place in range(len(file)):
        refused(file[:place] + bytes([file[place] ^ 1]) + file[place + 1 :])


@pytest.mark.parametrize("cut", [0, 1, 100, -1])
def test_a_file_that_was_cut_is_found(cut: int) -> None:
    refused(pack(ABOUT, parts())[:cut])


def test_bytes_behind_the_file_are_found() -> None:
    refused(pack(ABOUT, parts()) + b" ")


def test_the_changed_part_is_named() -> None:
    file = pack(ABOUT, parts())
    assert refused(file.replace(b"<p>One", b"<p>Two")).part == "index.html"


@pytest.mark.parametrize(
    ("changed", "part", "said"),
    [
        ({"draft": {"gross": "2.00"}}, "draft", "not what the chain says"),
        ({"document": {**ROW, "id": 2, "expired": []}}, "document", "another document"),
        ({"document": {**ROW, "expired": ["draft"]}, "draft": {"gross": "2.00"}}, "draft", "not what the chain says"),
        ({"document": {**ROW, "total": "1", "expired": []}}, "document", "total is not what the chain says"),
        *(
            ({"document": {**ROW, "expired": ["order_data"]}, "order_data": other}, "order_data", "not what the chain")
            for other in NOT_REDUCED
        ),
        ({"draft": None}, "draft", "not what the chain says"),
        ({"order_data": None}, "order_data", "not what the chain says"),
        ({"history": []}, "history", "entry 1 is not as the chain has it"),
        ({"history": [{**NOTES[0], "who": "eve@acme.example"}]}, "history", "entry 1 is not as the chain has it"),
        ({"history": [{**NOTES[0], "text": "Nothing."}]}, "history", "entry 1 is not as the chain has it"),
        ({"history": NOTES}, "history", "line 1 of entry 1 is missing"),
        *(
            ({"history": [*LINES, {**NOTES[0], **added}]}, "history", "stands in no entry")
            for added in ({"number": 9}, {"place": 9}, {"number": None}, {"number": None, "kind": "call"})
        ),
        (
            {"history": [*NOTES, {**CALL, "text": "GET it", "number": 1, "place": 1}]},
            "history",
            "not as it was written",
        ),
        (
            {"history": [*NOTES, {**CALL, "number": 1, "place": 1, "sent": "[]", "answered": ""}]},
            "history",
            "what was sent in line 1",
        ),
        ({"chain": [entry(1, "0" * 64), entry(2, "1" * 64)]}, "chain", "entry 2 is not as it was written"),
        ({"chain": [{**entry(1, "0" * 64), "hash": "1" * 64}]}, "chain", "entry 1 is not as it was written"),
    ],
)
def test_a_file_that_was_packed_again_is_held_against_its_chain(changed: Any, part: str, said: str) -> None:
    fault = refused(pack(ABOUT, parts(**changed)))
    assert fault.part == f"{FOLDER}{part}.json"
    assert said in str(fault)


@pytest.mark.parametrize("left", [None, {}, {"refund": {"id": 31}}])
def test_what_has_expired_is_not_missed(left: dict[str, Any] | None) -> None:
    gone = parts(document={**ROW, "expired": ["order_data", "calls"]}, order_data=left, history=NOTES)
    assert check(pack(ABOUT, gone))


def test_a_manifest_that_was_made_again_for_other_parts_is_not_enough() -> None:
    file = pack(ABOUT, parts())
    manifest = check(file)
    assert json.loads(json.dumps(manifest))["parts"].keys() == parts().keys()
    assert MANIFEST not in manifest["parts"]


@pytest.mark.parametrize("column", ["body", "proof", "received_at", "store_id"])
def test_a_delivery_is_held_against_the_chain(column: str) -> None:
    changed = as_json([{**DELIVERED, column: 2 if column == "store_id" else "then"}])
    error = refused(pack(ABOUT, {**parts(), "deliveries.json": changed}))
    assert (error.part, str(error)) == ("deliveries.json", "the delivery of now is not what the chain says")


def test_a_delivery_that_has_expired_may_be_gone() -> None:
    gone = {**ROW, "expired": ["deliveries"], "expired_before": {"deliveries": "soon"}}
    assert check(pack(ABOUT, {**parts(document=gone), "deliveries.json": as_json([])}))
    kept = {**ROW, "expired": ["deliveries"], "expired_before": {"deliveries": "long ago"}}
    assert refused(pack(ABOUT, {**parts(document=kept), "deliveries.json": as_json([])})).part == "deliveries.json"


@pytest.mark.parametrize(
    ("column", "value"),
    [("order_id", 1002), ("kind", "credit"), ("sequence", 7), ("division", 2), ("store", "other")],
)
def test_what_the_file_is_about_is_what_its_documents_say(column: str, value: object) -> None:
    row = {**ROW, column: value, "expired": []}
    assert "about another document" in str(refused(pack(ABOUT, parts(document=row))))


def test_it_is_about_the_order_of_its_documents() -> None:
    assert refused(pack({**ABOUT, "order": 1002}, parts())).part == MANIFEST
    assert refused(pack({**ABOUT, "documents": []}, parts())).part.startswith(FOLDER)
    bare = {name: body for name, body in parts().items() if not name.startswith(FOLDER)}
    assert "about no document" in str(refused(pack({**ABOUT, "documents": []}, bare)))


@pytest.mark.parametrize("name", ["chain", "history", "draft", "exact_data"])
def test_a_part_of_a_document_that_was_left_out_is_missed(name: str) -> None:
    left = {each: body for each, body in parts().items() if each != f"{FOLDER}{name}.json"}
    error = refused(pack(ABOUT, left))
    assert (error.part, str(error)) == (f"{FOLDER}{name}.json", "the part is missing")
