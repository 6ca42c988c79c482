"""Addresses of machines: the webhook and the health checks."""

from django.urls import path

from connector.api.health import healthz, readyz
from connector.api.webhooks import BigCommerceWebhook

urlpatterns = [
    path("webhooks/bigcommerce/<uuid:webhook_uuid>/", BigCommerceWebhook.as_view(), name="bigcommerce-webhook"),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
]
