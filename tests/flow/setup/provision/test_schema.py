"""The values of the provision file: what each check takes and how it names what it refuses."""

from typing import Any

from connector.models import Connection
from tests.flow.setup.provision.test_run import run


def test_null_is_as_good_as_left_out(file: dict[str, Any], db: None) -> None:
    file["exact"][0]["webhook_secret"] = None
    file["connections"][0]["start_date"] = None
    file["connections"][0]["customers"]["collective_account"] = None
    file["users"][0]["password"] = None
    run(file)
    assert Connection.objects.exists()
