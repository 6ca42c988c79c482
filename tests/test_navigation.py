"""The side bar of the portal."""

from django.contrib import admin
from django.urls import reverse
from django.utils.text import capfirst

from config.navigation import UNFOLD


def test_the_side_bar_calls_each_page_by_its_own_name() -> None:
    pages = {
        reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"): model
        for model in admin.site._registry
    }
    links = [item for group in UNFOLD["SIDEBAR"]["navigation"] for item in group["items"]]
    assert links
    for link in links:
        assert link["title"] == capfirst(str(pages[str(link["link"])]._meta.verbose_name_plural))
