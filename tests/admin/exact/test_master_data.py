"""The list of a division's codes says which can be used."""

import pytest
from django.test import Client
from django.urls import reverse

from connector.models import MasterData
from tests.acme import Acme

LIST = reverse("admin:connector_masterdata_changelist")


@pytest.mark.parametrize(
    ("kind", "data", "said"),
    [
        ("vat_code", {"blocked": True}, "blocked in Exact"),
        ("cost_center", {"ended": True}, "its end date has passed"),
        ("item", {"is_sales": False}, "not for sale"),
        ("item", {"is_sales": True}, "yes"),
    ],
)
def test_what_keeps_a_code_from_being_used_is_said(
    acme: Acme, owner: Client, kind: str, data: dict[str, bool], said: str
) -> None:
    kept = MasterData.objects.filter(kind=kind).values_list("pk", flat=True)[0]
    MasterData.objects.exclude(pk=kept).delete()
    MasterData.objects.update(data=data)
    assert said in owner.get(LIST).content.decode()
