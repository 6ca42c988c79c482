"""All addresses of the portal."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from tenants.accounts.language import choose

urlpatterns = [
    path("", include("connector.api.urls")),
    path("", include("connector.onboarding.urls")),
    path("accounts/signup/", RedirectView.as_view(pattern_name="get-started"), name="account_signup"),
    path("accounts/language/", choose, name="account_language"),
    path("accounts/", include("allauth.urls")),
    path(settings.ADMIN_PAGES.lstrip("/"), admin.site.urls),
]
