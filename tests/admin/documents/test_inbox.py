"""The page of the inbox says in words what proved a delivery."""

import pytest
from django.test import Client

from connector.models import Delivery
from tests.acme import Acme


@pytest.mark.parametrize(
    ("proof", "signature", "words"),
    [
        (Delivery.Proof.HEADER, Delivery.Signature.FAILED, ("our secret", "not confirmed")),
        (Delivery.Proof.POLL, Delivery.Signature.ABSENT, ("read from the store", "absent")),
    ],
)
def test_the_list_and_the_page_say_what_proved_a_delivery(
    acme: Acme, owner: Client, proof: str, signature: str, words: tuple[str, str]
) -> None:
    Delivery.objects.all().delete()
    row = Delivery.objects.create(store=acme.store, scope="store/order/created", proof=proof, signature=signature)
    for address in ("", f"{row.pk}/change/"):
        page = owner.get(f"/admin/connector/delivery/{address}").content.decode()
        assert all(word in page for word in words)
