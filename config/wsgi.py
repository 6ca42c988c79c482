"""The application for `gunicorn config.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

from config import startup

WORKER_DID_NOT_BOOT = 3  # gunicorn would start the process again and again after any other code

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
with startup.one_sentence(WORKER_DID_NOT_BOOT):
    startup.load()
    application = get_wsgi_application()
