"""`.ci/next` says in one sentence that it cannot look ahead here."""

import os
import subprocess
from pathlib import Path

import pytest
from django.conf import settings


@pytest.mark.parametrize("there", [False, True], ids=["no such command", "a command that runs nothing"])
def test_a_python_that_is_not_there_is_one_sentence(tmp_path: Path, there: bool) -> None:
    python = tmp_path / "python3.99"
    if there:  # as a version manager has it for each version that it could run
        python.write_text("#!/bin/sh\necho 'command not found' >&2\nexit 127\n")
        python.chmod(0o755)
    done = subprocess.run(
        [settings.BASE_DIR / ".ci" / "next"],
        env={**os.environ, "NEXT_PYTHON": str(python)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"There is no {python} with venv here; NEXT_PYTHON names another\n"
