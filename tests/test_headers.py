"""What each page lets a browser do."""

import base64
import hashlib
import re
from pathlib import Path

import pytest
from django.conf import settings as now
from django.test import Client

from config import headers
from tests.factories import MembershipFactory


@pytest.mark.parametrize(
    ("address", "status"), [("/", 200), ("/accounts/login/", 200), ("/get-started/", 200), ("/no/such/page", 404)]
)
def test_a_page_runs_and_loads_our_own_files_alone(address: str, status: int, db: None) -> None:
    MembershipFactory.create()
    answer = Client().get(address)
    rules = answer.headers["Content-Security-Policy"]
    assert answer.status_code == status
    assert "default-src 'none'; script-src 'self'; style-src 'self' 'sha256-" in rules
    assert "unsafe" not in rules
    assert "frame-ancestors 'none'" in rules
    assert "camera=()" in answer.headers["Permissions-Policy"]
    page = answer.content.decode()
    assert " style=" not in page
    assert not re.findall(r"<script(?![^>]* src=)(?![^>]*application/json)", page)


def test_the_portal_may_do_what_unfold_needs(db: None) -> None:
    member = MembershipFactory.create()
    client = Client()
    client.force_login(member.user)
    rules = client.get("/admin/").headers["Content-Security-Policy"]
    assert "script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'" in rules
    assert "form-action 'self' https://start.exactonline.nl" in rules


def test_the_style_of_the_plain_pages_is_the_one_that_is_allowed() -> None:
    page = (Path(now.BASE_DIR) / "templates" / "plain.html").read_text()
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"'sha256-{digest}'" == headers.PLAIN_STYLE
