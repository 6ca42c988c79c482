"""The files that an installation is started by agree: with each other, and with what the worker needs to stop."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from connector.flow.worker import supervisor

ROOT = Path(settings.BASE_DIR)
IMAGE, COMPOSE = (ROOT / "Dockerfile").read_text(), (ROOT / "compose.yaml").read_text()
UNITS = {name: (ROOT / "deploy/systemd" / f"connector-{name}.service").read_text() for name in ("web", "worker")}
PROCFILE = dict(re.findall(r"^(\w+): (.+)$", (ROOT / "Procfile").read_text(), re.M))


def copied() -> set[str]:
    """What the image has of this project."""
    lines = re.findall(r"^COPY (?!--)(.+) \S+$", IMAGE, re.M)
    return {name for line in lines for name in line.split()} - {"requirements.lock"}


def test_what_runs_without_an_engine_in_the_tests_is_what_the_image_has() -> None:
    packaged = (ROOT / ".ci/packaged").read_text()
    (listed,) = re.findall(r"git ls-files -z (.+) \|", packaged)
    assert set(listed.split()) == copied() | {"Procfile"}


def test_one_argument_pins_every_stage_of_the_image() -> None:
    assert re.findall(r"^ARG PYTHON=(\S+)$", IMAGE, re.M)
    assert {line.split()[1] for line in IMAGE.splitlines() if line.startswith("FROM ")} == {"${PYTHON}"}


def test_the_image_runs_as_a_number_that_is_not_root() -> None:
    *_, user = re.findall(r"^USER (.+)$", IMAGE, re.M)
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", user)
    assert IMAGE.index("USER") > IMAGE.rindex("COPY")


@pytest.mark.parametrize("line", ["read_only: true", "cap_drop: [ALL]", 'security_opt: ["no-new-privileges:true"]'])
def test_web_worker_and_migrate_may_write_nothing_and_gain_no_right(line: str) -> None:
    anchor = COMPOSE.split("services:")[0]
    assert f"  {line}\n" in anchor
    assert COMPOSE.count("<<: *portal") == 3


def test_migrate_runs_once_before_web_and_worker() -> None:
    assert COMPOSE.count("migrate: {condition: service_completed_successfully}") == 2


@pytest.mark.parametrize("name", ["web", "worker"])
def test_every_way_starts_the_same_command(name: str) -> None:
    command = " ".join(PROCFILE[name].split()[:3])
    assert command in UNITS[name]
    listed = ", ".join(f'"{word}"' if name == "web" else word for word in command.split()[:2])
    assert listed in (IMAGE if name == "web" else COMPOSE)


def test_compose_and_systemd_wait_until_the_worker_has_stopped_by_itself() -> None:
    (compose,), (unit,) = (
        re.findall(r"stop_grace_period: (\d+)s", COMPOSE),
        re.findall(r"^TimeoutStopSec=(\d+)$", UNITS["worker"], re.M),
    )
    assert min(int(compose), int(unit)) > supervisor.STOP_SECONDS
    assert "KillMode=mixed" in UNITS["worker"]


@pytest.mark.parametrize("name", ["web", "worker"])
def test_a_unit_is_started_again_for_ever_and_may_write_its_folder_alone(name: str) -> None:
    for line in ("Restart=always", "StartLimitIntervalSec=0", "ProtectSystem=strict", "NoNewPrivileges=true"):
        assert line in UNITS[name].splitlines()
    assert re.findall(r"^ReadWritePaths=(.+)$", UNITS[name], re.M) == ["/srv/ml-connector/var"]
    assert "User=connector" in UNITS[name]
