"""The addresses of the webhooks, of the health checks and figures, and of Exact's answer to a consent."""

from django.urls import path

from connector.api.consent import exact_callback
from connector.api.exact_webhooks import ExactWebhook
from connector.api.health import healthz, readyz
from connector.api.metrics import metrics
from connector.api.webhooks import BigCommerceWebhook

urlpatterns = [
    path("webhooks/bigcommerce/<uuid:webhook_uuid>/", BigCommerceWebhook.as_view(), name="bigcommerce-webhook"),
    path("webhooks/exact/<uuid:division_uuid>/", ExactWebhook.as_view(), name="exact-webhook"),
    path("oauth/exact/callback/", exact_callback, name="exact-consent-callback"),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
]
