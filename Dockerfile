# Web and worker are the same image: the command decides.
FROM python:3.12-slim
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
COPY requirements.lock requirements.lock
RUN pip install --no-cache-dir --require-hashes -r requirements.lock
COPY manage.py ./
COPY config config
COPY tenants tenants
COPY connector connector
COPY locale locale
COPY templates templates
RUN useradd --system connector && mkdir var && chown connector var && \
    SECRET_KEY=build SALT_KEY=build DEBUG=true python manage.py collectstatic --noinput --verbosity 0
USER connector
EXPOSE 8000
HEALTHCHECK CMD python -c "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=3)"
CMD ["gunicorn", "config.wsgi:application", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", "--threads", "4", "--no-control-socket"]
