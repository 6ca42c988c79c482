"""A demo that is begun beside another one takes nothing of it."""

from connector.management.demo.installation import Installation
from connector.sandbox import Sandbox


def begun(sandbox: Sandbox, port: int) -> Installation:
    return Installation(sandbox, port, lambda line: None)


def test_a_second_demo_has_its_own_port_and_database_and_leaves_the_first_alone(sandbox: Sandbox) -> None:
    first = begun(sandbox, 0)
    kept = first.folder / "demo.sqlite3"
    kept.write_text("orders")
    second = begun(sandbox, first.port)  # the first has not begun to listen yet
    assert second.port != first.port
    assert second.environment["DATABASE_URL"] != first.environment["DATABASE_URL"]
    second.__exit__(None, None, None)
    assert not second.folder.exists()
    assert kept.read_text() == "orders"
    first.__exit__(None, None, None)
    assert not first.folder.exists()


def test_what_a_killed_demo_left_is_not_taken_over(sandbox: Sandbox) -> None:
    first = begun(sandbox, 0)
    (first.folder / "demo.sqlite3").write_text("orders of yesterday")
    first.lock.close()
    again = begun(sandbox, first.port)
    assert again.port == first.port
    assert list(again.folder.iterdir()) == []
    again.__exit__(None, None, None)
