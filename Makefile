# docs/commands.md explains every command. `make` alone lists them.
PYTHON ?= python3
PY := .venv/bin/python
BIND ?= 127.0.0.1
PORT ?= 8000
LOCK := --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header
# No test of these asks the database or the queue.
NO_DATABASE := domain clients sandbox problems languages test_settings.py test_fresh_env.py test_environment.py test_startup.py test_architecture.py test_documentation.py \
	test_english.py test_words.py test_audit.py test_look_ahead.py
# A process starts sooner when Python keeps what it compiled, so it does, whatever the shell says.
export PYTHONDONTWRITEBYTECODE :=
.DEFAULT_GOAL := help
.PHONY: help install dev env demo run sandbox lint test browser bench crowd rounding screenshot languages faults audit lock

help: ## list these commands
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:[^#]*## /\t/' | expand -t 12

install: .venv/.base ## make the environment (.venv), nothing else
dev: .venv/.dev ## make the environment with the tools for checks and tests

.venv/.base: requirements.lock
	@test -x $(PY) || $(PYTHON) -m venv .venv
	@echo "Installing the packages of the product (about a minute)"
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

.venv/.dev: requirements-dev.lock .venv/.base
	@echo "Installing the tools for checks and tests"
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

env: .venv/.base ## write a .env with new keys for this machine, if there is none
	@test -e .env && echo "There is a .env already; it was left alone." || $(PY) -m config.fresh_env .env $(PORT)

demo: .venv/.base ## run a sandbox store, a sandbox Exact, web and worker: orders become invoices (ARGS=--once checks and stops)
	@PYTHONUNBUFFERED=1 SECRET_KEY=demo SALT_KEY=demo DEBUG=true $(PY) manage.py demo $(ARGS)

run: .venv/.base ## migrate, then run web and worker with the .env
	@$(PY) manage.py migrate --verbosity 0
	@$(PY) manage.py collectstatic --noinput --verbosity 0
	@$(PY) manage.py worker & worker=$$!; trap 'kill $$worker; wait $$worker' EXIT; \
	$(PY) -m gunicorn config.wsgi:application --bind $(BIND):$(PORT)

sandbox: .venv/.base ## run a fake BigCommerce and a fake Exact alone, and print what to type (ARGS="--ring 1001")
	@$(PY) manage.py sandbox $(ARGS)

lint: .venv/.dev ## run ruff, mypy, import-linter, tests/test_architecture.py, the check of migrations and the deployment check
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check --quiet .
	@.venv/bin/mypy .
	@.venv/bin/lint-imports --no-cache
	@$(PY) -m pytest tests/test_architecture.py
	@DJANGO_SETTINGS_MODULE=tests.settings $(PY) manage.py makemigrations --check --dry-run
	@SECRET_KEY=$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(50))') SALT_KEY=lint DEBUG=false \
	PUBLIC_URL=https://connector.example EMAIL_URL=smtp://mail.example DATABASE_URL=sqlite://:memory: \
	$(PY) manage.py check --deploy --fail-level WARNING

test: .venv/.dev ## run all tests: on SQLite, and on TEST_DATABASE_URL and TEST_REDIS_URL when they are set
	@env -u TEST_DATABASE_URL -u TEST_REDIS_URL $(PY) -m pytest -n auto --dist worksteal $(ARGS)
	@if [ -n "$$TEST_DATABASE_URL$$TEST_REDIS_URL" ]; then \
	echo "Once more, all tests with a database, on TEST_DATABASE_URL and TEST_REDIS_URL"; \
	$(PY) -m pytest -n auto --dist worksteal $(if $(ARGS),$(ARGS),$(NO_DATABASE:%=--ignore=tests/%)); fi

browser: .venv/.dev ## test the portal in a real browser (needs Chromium), about five minutes (PICTURES=1 saves them in var/browser)
	@echo "Testing the portal in Chromium: about five minutes"
	@env -u TEST_DATABASE_URL -u TEST_REDIS_URL PICTURES=$(PICTURES) $(PY) -m pytest tests/browser -n 2 --dist loadfile $(ARGS)

bench: .venv/.dev ## measure what a document, a delivery and a page cost, on PostgreSQL, about three minutes (KEEP=1 writes docs/performance.md)
	@echo "Measuring on PostgreSQL: about three minutes"
	@TEST_DATABASE_URL=$${TEST_DATABASE_URL:-postgres://postgres@127.0.0.1:5432/postgres} KEEP=$(KEEP) \
	$(PY) -m pytest tests/bench -s $(ARGS)

crowd: .venv/.dev ## 10,000 orders of 200 organisations, two web servers, three workers, one killed every 7 s, about 20 minutes (N=1000 T=20)
	@$(PY) -m tests.bench.crowd -n $(or $(N),10000) --organisations $(or $(T),200)

rounding: .venv/.dev ## show how many of 400 random baskets are posted, however shop and Exact round, half a minute (N=50)
	@BASKETS=$(or $(N),400) $(PY) -m pytest tests/domain/test_rounding.py -k where_exact \
	--log-cli-level=INFO --log-cli-format='%(message)s'

screenshot: .venv/.dev ## make the picture of the README, docs/order-page.png (needs Chromium), about a minute
	@DJANGO_SETTINGS_MODULE=tests.settings $(PY) -m tests.browser.screenshot

languages: .venv/.dev ## bring the texts of each language up to date with the code (ARGS=de begins German)
	@DJANGO_SETTINGS_MODULE=tests.settings $(PY) -m tests.languages $(ARGS)

faults: .venv/.dev ## 2,000 runs, each with a fault of ours and a fault of a vendor, about eight minutes on two cores (N=100, SEED=1)
	@echo "$(if $(SEED),One run: seconds,$(or $(N),2000) runs; 2000 take about eight minutes on two cores)"
	@$(PY) -m tests.faults $(if $(SEED),--seed $(SEED),-n $(or $(N),2000)) $(if $(LANES),--lanes $(LANES))

audit: .venv/.dev ## ask the package index for published advisories on the versions in the lock files (needs the network)
	@$(PY) -m tests.audit

lock: ## make new lock files from pyproject.toml (needs uv)
	@uv pip compile $(LOCK) pyproject.toml -o requirements.lock
	@uv pip compile $(LOCK) --extra dev pyproject.toml -o requirements-dev.lock
