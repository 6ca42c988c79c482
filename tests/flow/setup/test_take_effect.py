"""What changed settings do to documents that are held, and to those of shadow mode."""

from tests.acme import Acme
from tests.flow.setup.provision.test_run import run


def test_running_it_again_leaves_what_is_held_alone(acme: Acme) -> None:
    acme.connection.item_strategy = "sku"
    acme.connection.save()
    acme.file["connections"][0]["items"]["strategy"] = "sku"
    acme.ring(1038)
    acme.drain()
    assert acme.document(1038).state == "blocked"
    run(acme.file)
    assert acme.document(1038).state == "blocked"
    acme.file["connections"][0]["items"]["strategy"] = "sku_then_default"
    run(acme.file)
    assert acme.document(1038).state == "pending"


def test_what_was_held_in_shadow_mode_is_not_posted_by_going_live(acme: Acme) -> None:
    acme.file["connections"][0].update({"mode": "shadow", "items": {**acme.file["connections"][0]["items"]}})
    acme.file["connections"][0]["items"]["strategy"] = "sku"
    run(acme.file)
    acme.ring(1038)
    acme.drain()
    assert acme.document(1038).state == "blocked"
    acme.file["connections"][0]["mode"] = "live"
    acme.file["connections"][0]["items"]["strategy"] = "sku_then_default"
    run(acme.file)
    acme.drain()
    assert (acme.document(1038).state, acme.document(1038).reason) == ("skipped", "shadow")
