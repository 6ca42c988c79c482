# Web and worker are the same image: the command decides. docs/set-up.md says how to pin the base by its digest.
ARG PYTHON=python:3.12-slim-bookworm

FROM ${PYTHON} AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
COPY requirements.lock /requirements.lock
RUN python -m venv /venv && /venv/bin/pip install --require-hashes -r /requirements.lock
WORKDIR /app
COPY manage.py gunicorn.conf.py ./
COPY config config
COPY tenants tenants
COPY connector connector
COPY locale locale
COPY templates templates
# These values are for this step alone: the image holds no key.
RUN SECRET_KEY=build SALT_KEY=build EMAIL_URL=consolemail:// DATABASE_URL=sqlite://:memory: \
    /venv/bin/python manage.py collectstatic --noinput --verbosity 0 && \
    /venv/bin/python -m compileall -q /app

FROM ${PYTHON}
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PATH=/venv/bin:$PATH
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
# A number, so that a platform can see that it is not root. Nothing below / needs to be written, but for /tmp.
USER 10001:10001
EXPOSE 8000
HEALTHCHECK CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=3)"]
CMD ["gunicorn", "config.wsgi:application", "--bind", "0.0.0.0:8000"]
