# Two commands do everything on a machine with Python 3.11 or newer and make:
#     make demo      heal real broken projects with the embedded model
#     make test      the whole test suite
# Both set themselves up first.

SHELL := /bin/sh
VENV := .venv
PYTHON := $(VENV)/bin/python
STAMP := $(VENV)/.selfheal-stamp
UV ?= uv
PYTEST_WORKERS ?= 2
EXTRAS := agents executor dependencies app demo embedded

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint format types imports drift docs check lock clean bench-overhead bench-logs bench-exact bench-deps bench-repair bench-locate bench-warm bench-monorepo bench-types bench-action bench-tracing bench-redaction bench-app bench-app-faults

help: ## show this list
	@printf 'selfheal: heal a failed build with a small local model\n\n'
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' Makefile
	@printf '\nThen: .venv/bin/selfheal repair --repo DIR --command "pytest -q" --out OUT\n'

setup: $(STAMP) ## make .venv with every extra; quick when nothing changed

$(STAMP): requirements/all.txt pyproject.toml action/selfheal/__init__.py scripts/setup
	@scripts/setup $(VENV)
	@touch $@

demo: $(STAMP) ## heal the bundled broken projects, showing progress
	@$(VENV)/bin/selfheal demo --yes

test: $(STAMP) ## run the whole test suite
	@$(PYTHON) -m pytest -n $(PYTEST_WORKERS) --dist loadgroup $(ARGS)

lint: $(STAMP) ## ruff: rules and layout
	@$(VENV)/bin/ruff check --quiet
	@$(VENV)/bin/ruff format --quiet --check

format: $(STAMP) ## lay the code out and mend what ruff can
	@$(VENV)/bin/ruff check --fix --quiet
	@$(VENV)/bin/ruff format --quiet

types: $(STAMP) ## mypy --strict
	@$(VENV)/bin/mypy --no-error-summary

imports: $(STAMP) ## who may import whom
	@$(VENV)/bin/lint-imports --no-logo > $(VENV)/imports.log 2>&1 || { cat $(VENV)/imports.log; exit 1; }

drift: $(STAMP) ## what is written twice must say the same twice
	@$(PYTHON) -m pytest -q --no-header -k drift $$(git grep -l drift -- 'tests/*.py' 2>/dev/null || echo tests)

docs: $(STAMP) ## write the generated parts of README, CONTRIBUTING and the report's schema anew
	@$(PYTHON) scripts/docs

check: lint types imports drift ## everything but the tests

lock: ## resolve requirements/*.txt anew (needs uv: pip install uv)
	@UV="$(UV)" scripts/lock $(EXTRAS)

bench-overhead: $(STAMP) ## what selfheal itself costs, with a scripted engine
	@$(PYTHON) bench/overhead.py

bench-logs: $(STAMP) ## how right the log analyst is on the recorded logs, and how fast beside grep
	@$(PYTHON) bench/log_analyst.py $(ARGS)

bench-exact: $(STAMP) ## how many failures planted into real packages are healed, and how; beside the tools' own --fix
	@$(PYTHON) bench/exact.py $(ARGS)

bench-repair: $(STAMP) ## how many broken programs are repaired, rightly by hidden tests, and at what price; beside a naive loop
	@$(PYTHON) bench/repair.py $(ARGS)

bench-locate: $(STAMP) ## how high the faulty function stands among the suspects, in the packages with planted bugs; beside Ochiai alone
	@$(PYTHON) bench/localisation.py $(ARGS)

bench-warm: $(STAMP) ## how long a candidate takes in the warm tests of real packages; beside a cold run of the same tests
	@$(PYTHON) bench/warm.py $(ARGS)

bench-monorepo: $(STAMP) ## what fifty services cost more than the failing one alone: tokens, and seconds outside of model and commands
	@$(PYTHON) bench/monorepo.py $(ARGS)

bench-deps: $(STAMP) ## how many builds that real releases broke are healed, and how they are explained; beside upgrading everything
	@$(PYTHON) bench/dependencies.py $(ARGS)

bench-types: $(STAMP) ## how long a candidate's type check takes in 50,000 lines: mypy's daemon beside mypy
	@$(PYTHON) bench/type_daemon.py $(ARGS)

bench-action: $(STAMP) ## the action's image sizes, and its time until a first candidate and a first question to the model
	@$(PYTHON) bench/action_cost.py $(ARGS)

bench-tracing: $(STAMP) ## what tracing adds to a repair and costs a span, and how quick the page of 5,000 spans is
	@PYTHONPATH=tests:bench $(PYTHON) bench/tracing.py $(ARGS)

bench-redaction: $(STAMP) ## how fast secrets are masked, which kinds, and what is masked wrongly
	@$(PYTHON) bench/redaction.py $(ARGS)

bench-app: $(STAMP) ## how many deliveries a second the App accepts, beside Probot; memory; publications a minute
	@$(PYTHON) tests/app/real/node_tools.py bench/serving/probot > /dev/null
	@$(PYTHON) bench/app_load.py $(ARGS)

bench-app-faults: $(STAMP) ## kill -9 and a failing GitHub: two hundred kills, and one of each in the end
	@$(PYTHON) bench/app_faults.py $(ARGS)

clean: ## remove .venv, caches and build results
	@rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find action app tests bench -name __pycache__ -type d -prune -exec rm -rf {} +
