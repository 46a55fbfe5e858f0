# Materialenhub. `make run` serves it, `make test` checks it; both set up what they need.

SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(shell command -v uv 2>/dev/null)
CATALOGUE := marketplace/translations/en/LC_MESSAGES/messages

.DEFAULT_GOAL := help
.PHONY: help run test lint format bench soak lock catalogue pictures clean

help: ## Show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 12

run: .make/run $(CATALOGUE).mo ## Set everything up and serve on http://127.0.0.1:8000 (PORT, HOST, DATABASE_URL, DEMO=0 ...)
	@exec $(BIN)/python -m marketplace

test: lint .make/browser ## Set up what tests need, check the code, and run every test
	$(BIN)/pytest --numprocesses auto --dist loadfile

lint: .make/dev $(CATALOGUE).mo ## Check style, types and the directions between the rooms
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy --no-error-summary
	$(BIN)/lint-imports --no-logo

format: .make/dev ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: .make/dev $(CATALOGUE).mo ## Measure on this machine how good plans are and how fast the main things, as a table
	$(BIN)/python -m tests.benchmarks

soak: .make/dev $(CATALOGUE).mo ## Try to break it: races, kills, a full disk, ten thousand random edits; each has a control
	$(BIN)/python -m tests.soak

catalogue: .make/dev ## Collect the sentences of the pages into the English catalogue
	$(BIN)/pybabel -q extract -F babel.cfg -k N_ -k lazy_gettext -k _l --no-location --sort-output --omit-header -o .make/messages.pot marketplace
	$(BIN)/pybabel -q update -i .make/messages.pot -d marketplace/translations -l en --no-fuzzy-matching --omit-header --ignore-obsolete -w 120

pictures: .make/browser $(CATALOGUE).mo ## Take the screenshots of docs/pictures anew
	$(BIN)/python -m tests.journeys.pictures

lock: ## Resolve the dependencies anew (needs uv)
	uv pip compile pyproject.toml --upgrade --generate-hashes --universal --python-version 3.11 --no-header --no-annotate --no-emit-index-url --no-emit-find-links --quiet -o requirements.lock
	uv pip compile pyproject.toml --group dev -c requirements.lock --generate-hashes --universal --python-version 3.11 --no-header --no-annotate --no-emit-index-url --no-emit-find-links --quiet -o requirements-dev.lock

clean: ## Remove the environment; data in instance/ and uploads/ stays
	rm -rf $(VENV) .make .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(BIN)/python:
ifdef UV
	$(UV) venv --quiet --python $(PYTHON) $(VENV)
else
	$(PYTHON) -m venv $(VENV)
endif

.make/run: requirements.lock | $(BIN)/python
	@mkdir -p .make
ifdef UV
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
else
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
endif
	@touch $@

.make/dev: requirements-dev.lock | $(BIN)/python
	@mkdir -p .make
ifdef UV
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements-dev.lock
else
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
endif
	@touch $@ .make/run

.make/browser: .make/dev
	$(BIN)/python -m tests.journeys.browser
	@touch $@

# The catalogue has no header, and is therefore taken for unfinished.
%.mo: %.po | .make/run
	$(BIN)/pybabel -q compile --use-fuzzy --input-file $< --output-file $@ --locale en
