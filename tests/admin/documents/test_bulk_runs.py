"""The pages of a bulk re-post say how far it got, or who stopped it."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from connector.domain.document.codes import Code
from connector.domain.document.result import problem, to_json
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


def test_the_causes_are_written_in_the_language_of_the_reader(acme: Acme, owner: Client) -> None:
    """The sentence beside the codes is in the language of the process that kept it."""
    missing = to_json(
        [problem(Code.ITEM_MISSING, line="product:1", name="Mug", kind="product", country="NL", item="X")]
    )
    kept = {**CAUSE, "key": "1|item|X", "state": "running", "division": 1, "text": "Dat artikel is er niet."}
    causes = [{**kept, "problems": missing}, {**kept, "key": "1|item|Y", "text": "Of a release before."}]
    run = BulkRun.objects.create(tenant=acme.store.tenant, reason="fixed", causes=causes, current="1|item|X")
    page = owner.get(reverse("admin:connector_bulkrun_change", args=[run.pk])).content.decode()
    assert "Dat artikel" not in page
    assert page.count("Item X") == 2  # in the list of causes, and as the one at work
    assert "Of a release before." in page
    assert "1|item" not in page
