"""An order without its customer: what is booked and where it is taxed stays, what tells a person goes."""

from typing import Any

import pytest

from connector.domain.order.bare import MARK, bare_address, bare_draft, bare_order

ADDRESS = {
    "first_name": "Janneke", "last_name": "Vries", "company": "", "street_1": "Kade 7", "city": "Ede", "zip": "6711 AB",
    "country": "Netherlands", "country_iso2": "NL", "phone": "0612345678", "email": "janneke@vries.example",
    "form_fields": [{"name": "VAT number", "value": "NL800123451B01"}, {"name": "Birthday", "value": "1 May"}],
}  # fmt: skip
RAW: dict[str, Any] = {
    "order": {
        "id": 12, "customer_id": 3, "status": "Completed", "total_inc_tax": "17.9000", "payment_method": "iDEAL",
        "customer_message": "1234", "new_field": "For Janneke", "new_number": "12.50", "is_deleted": False,
        "date_created": "Mon, 05 Jan 2026 08:00:00 +0000", "billing_address": ADDRESS,
    },
    "destinations": [
        {"key": "shipping:1", "kind": "shipping", "address": ADDRESS, "costs": {"cost_tax": "0.86"}, "lines": [
            {"id": 5, "name": "Mug", "sku": "MUG-01", "quantity": 1,
             "product_options": [{"display_name": "Text", "display_value": "Janneke", "value": "0612345678"}]},
        ]},
        {"key": "pickup:1", "kind": "pickup", "address": {"company": "The shop", "street_1": "Markt 1"}, "lines": []},
    ],
    "details": {"category": {"5": ["7", "Mugs"]}},
    "refund": {"id": 9, "reason": "Janneke was ill", "total_amount": "2.50", "created": "2026-01-21T09:50:01+00:00"},
}  # fmt: skip


def test_ids_amounts_days_codes_and_goods_stay() -> None:
    bare = bare_order(RAW)
    kept = ("id", "customer_id", "status", "total_inc_tax", "payment_method", "is_deleted", "date_created")
    assert {name: bare["order"][name] for name in kept} == {name: RAW["order"][name] for name in kept}
    line = bare["destinations"][0]["lines"][0]
    assert (line["name"], line["sku"], line["quantity"]) == ("Mug", "MUG-01", 1)
    assert bare["details"] == RAW["details"]
    assert bare["refund"] == {**RAW["refund"], "reason": ""}
    assert bare[MARK] is True


def test_texts_of_people_go_and_so_does_a_text_that_is_not_known() -> None:
    bare = bare_order(RAW)
    assert bare["order"]["customer_message"] == bare["order"]["new_field"] == ""
    assert bare["order"]["new_number"] == "12.50"
    options = bare["destinations"][0]["lines"][0]["product_options"]
    assert options == [{"display_name": "Text", "display_value": "", "value": ""}]
    for part in ("Janneke", "Vries", "Kade", "0612345678", "janneke@"):
        assert part not in str(bare)


def test_the_shops_own_address_stays() -> None:
    assert bare_order(RAW)["destinations"][1] == RAW["destinations"][1]


def test_a_bare_order_stays_as_it_is() -> None:
    assert bare_order(bare_order(RAW)) == bare_order(RAW)


def test_of_an_address_the_country_and_a_valid_vat_number_stay() -> None:
    bare = bare_address({**ADDRESS, "form_fields": [*ADDRESS["form_fields"], "odd"]})
    assert {name: value for name, value in bare.items() if value} == {
        "country": "Netherlands",
        "country_iso2": "NL",
        "form_fields": [{"name": "VAT number", "value": "NL800123451B01"}],
    }


@pytest.mark.parametrize(
    ("country", "code", "kept"),
    [
        ("NL", "6711 AB", ""),
        ("ES", "35001", "35"),
        ("GB", "BT1 5GS", "BT"),
        ("GB", "SW1A 1AA", ""),
        ("FR", "97110", "971"),
    ],
)
def test_of_a_postcode_stays_what_decides_the_vat(country: str, code: str, kept: str) -> None:
    assert bare_address({"country_iso2": country, "zip": code})["zip"] == kept


def test_a_draft_keeps_its_lines_and_codes() -> None:
    draft = {
        "reference": "A-12",
        "remarks": "Also delivered to: Janneke",
        "lines": [{"key": "1", "notes": "Text: Janneke"}],
    }
    assert bare_draft(draft) == {"reference": "A-12", "remarks": "", "lines": [{"key": "1", "notes": ""}]}
    assert bare_draft({"reference": "A-12"}) == {"reference": "A-12", "lines": []}
