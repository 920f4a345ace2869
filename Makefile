.DEFAULT_GOAL := help
.PHONY: help setup demo test check format clean

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(STAMP): pyproject.toml constraints.txt
	@test -d $(VENV) || python3 -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[dev]"
	@touch $@

setup: $(STAMP) ## Create .venv and install everything

demo: $(STAMP) ## Simulate, record, train, evaluate, film and report (about 5 minutes)
	$(BIN)/eco1 demo

test: $(STAMP) ## Run all tests, on every core
	$(BIN)/pytest -n auto --dist loadfile

check: $(STAMP) ## Format, lint, types, import layers and the fast tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/pyright
	$(BIN)/lint-imports
	$(BIN)/pytest -n auto --dist loadfile -m "not slow"

format: $(STAMP) ## Format and fix what can be fixed
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean: ## Remove what was built, compiled and run (keeps .venv)
	rm -rf runs build dist .pytest_cache .ruff_cache .import_linter_cache
	rm -rf $${XDG_CACHE_HOME:-$$HOME/.cache}/eco1/sim-* $${XDG_CACHE_HOME:-$$HOME/.cache}/eco1/environments-* $${XDG_CACHE_HOME:-$$HOME/.cache}/eco1/questions-*
	find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +
