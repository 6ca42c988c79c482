"""The pages of a bulk re-post say how far it got, or who stopped it."""

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from connector.domain.document.codes import Code
from connector.domain.document.result import problem, to_json
from connector.models import BulkRun, OrderSync
from tests.acme import Acme
from tests.factories import OrderSyncFactory

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
    kept = {
        **CAUSE,
        "key": "1|item|X",
        "state": "running",
        "left": [7],
        "division": 1,
        "text": "Dat artikel is er niet.",
    }
    causes = [{**kept, "problems": missing}, {**kept, "key": "1|item|Y", "text": "Of a release before."}]
    run = BulkRun.objects.create(tenant=acme.store.tenant, reason="fixed", causes=causes, current="1|item|X")
    page = owner.get(reverse("admin:connector_bulkrun_change", args=[run.pk])).content.decode()
    assert "Dat artikel" not in page
    assert page.count("Item X") == 2  # in the list of causes, and as the one at work
    assert "Of a release before." in page
    assert "1|item" not in page


def test_both_pages_are_as_far_as_the_documents_are(acme: Acme, owner: Client) -> None:
    """The last step of a run may be a minute old, when all its documents have arrived."""
    documents = OrderSyncFactory.create_batch(3, connection=acme.connection, posted=True)
    begun = {**CAUSE, "key": "1|item|X", "division": 1, "well": 0, "failed": 0, "state": "running"}
    going = [{**begun, "going": [document.pk]} for document in documents]
    run = BulkRun.objects.create(tenant=acme.store.tenant, reason="fixed", causes=going, total=3)
    addresses = (
        reverse("admin:connector_bulkrun_changelist"),
        reverse("admin:connector_bulkrun_change", args=[run.pk]),
    )
    for page in addresses:
        with CaptureQueriesContext(connection) as asked:
            text = owner.get(page).content.decode()
        assert "3 of 3" in text
        assert "Running" not in text
        assert sum('FROM "connector_ordersync"' in query["sql"] for query in asked) == 1
    run.refresh_from_db()
    assert (run.state, run.settled) == ("running", 0)
    OrderSync.objects.filter(pk=documents[0].pk).update(state="waiting", next_attempt_at=timezone.now())
    for page in addresses:
        text = owner.get(page).content.decode()
        assert "2 of 3" in text
        assert "Running" in text
