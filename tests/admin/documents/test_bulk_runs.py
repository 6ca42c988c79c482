"""The pages of a bulk re-post say how far it got, or who stopped it."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from connector.models import BulkRun
from tests.acme import Acme

CAUSE = {"well": 3, "failed": 1, "refused": 0, "left": [], "going": [], "state": "done", "text": "", "reason": "item"}


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("", "3 went through, 1 came back."),
        (json.dumps({"person": "Anna", "reason": "wrong rules"}), "Stopped by Anna: wrong rules"),
    ],
)
def test_both_pages_say_it_in_words(acme: Acme, owner: Client, message: str, said: str) -> None:
    run = BulkRun.objects.create(
        tenant=acme.store.tenant, reason="fixed", causes=[CAUSE], state="done", message=message
    )
    for page in (
        reverse("admin:connector_bulkrun_changelist"),
        reverse("admin:connector_bulkrun_change", args=[run.pk]),
    ):
        assert said in owner.get(page).content.decode()
