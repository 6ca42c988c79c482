"""Links that were mailed or kept before the rooms moved still lead to their pages."""

import pytest
from django.test import Client

from connector.models import ExactGrant
from tests.acme import Acme


@pytest.mark.parametrize(
    "link",
    [
        "/admin/",
        "/admin/connector/ordersync/?state__exact=blocked",
        "/admin/connector/ordersync/{document}/change/",
        "/admin/connector/exactgrant/{grant}/change/",
        "/admin/connector/store/{store}/change/",
        "/admin/connector/connection/{connection}/change/",
        "/admin/connector/alert/",
    ],
)
def test_a_link_that_was_mailed_leads_to_its_page(acme: Acme, owner: Client, link: str) -> None:
    acme.ring(1001)
    acme.drain()
    ids = {
        "document": acme.document(1001).pk,
        "grant": ExactGrant.objects.get().pk,
        "store": acme.store.pk,
        "connection": acme.connection.pk,
    }
    assert owner.get(link.format(**ids), follow=True).status_code == 200
