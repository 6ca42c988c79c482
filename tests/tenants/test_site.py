"""The portal's site takes our models by the scoped door alone."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.exceptions import ImproperlyConfigured
from unfold.admin import ModelAdmin

from connector.models import Store
from tenants.site import PortalSite


def test_the_portal_is_the_default_site() -> None:
    assert isinstance(admin.site, PortalSite)


def test_the_site_refuses_a_model_of_ours_by_another_door() -> None:
    site = PortalSite("other")
    with pytest.raises(ImproperlyConfigured, match="Store must be registered"):
        site.register(Store, ModelAdmin)
    site.register(Group)
    assert not site._registry
