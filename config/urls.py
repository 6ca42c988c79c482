"""All addresses of the portal."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("connector.onboarding.urls")),
    path("admin/", admin.site.urls),
    path("", include("connector.api.urls")),
]
