"""Alerts on their page."""

from django.test import Client
from django.urls import reverse

from connector.flow import alerts
from connector.models import Alert
from connector.problems.alerts import AlertCode, alert_text
from tests.acme import Acme


def test_an_alert_is_mailed_once_and_links_the_page_to_fix_it(acme: Acme, owner: Client) -> None:
    page = reverse("admin:connector_store_change", args=[acme.store.pk])
    said = alert_text(AlertCode.NO_PDF, order=1001, text="The roof is on fire.")
    alerts.raise_alert(acme.store.tenant, "store:1", said, page=page)
    opened = reverse("admin:connector_alert_change", args=[Alert.objects.get().pk])
    for address in (reverse("admin:connector_alert_changelist"), opened):
        text = owner.get(address).content.decode()
        assert text.count("The roof is on fire.") == 1
        assert f'href="{page}"' in text
    assert owner.get(page).status_code == 200
