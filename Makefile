# `make` lists the targets. Needs Python 3.11 or later and nothing else.
# Flags for `make run` and `make test` go through ARGS:  make run ARGS="--no-story"
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help install install-dev run test check format bench lock clean

VENV := .venv
BIN := $(VENV)/bin
ARGS ?=
# How many tests run at once; JOBS=0 for one after the other, as a debugger needs it
JOBS ?= auto
# The first interpreter that is new enough; override with `make PYTHON=... run`
PYTHON ?= $(shell for found in python3 python3.11 python3.12 python3.13 python3.14 python; do \
	$$found -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 \
	&& { echo $$found; break; }; done)
PIP := $(BIN)/python -m pip --disable-pip-version-check
COMPILE := $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options
# What benchmarks compare with; never beside the product
PEER := .venv-bench

help: ## list the targets
	@echo "make run      看枢纽运行 / see the hub at work"
	@echo "make test     运行全部测试 / run every test"
	@echo
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) \
	| awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

install: $(VENV)/.product ## .venv with the locked packages and the `hub` command

install-dev: $(VENV)/.development ## the same with the tools for tests and checks

run: install ## demonstration: five simulated agencies, one case; Ctrl-C ends it
	@$(BIN)/hub run $(ARGS)

test: install-dev ## every test; ARGS="-k words" for some
	$(BIN)/pytest -n $(JOBS) --dist loadfile -m "not live and not bench" $(ARGS)

check: install-dev ## what a reviewer need not look for: format, lint, types, imports, house
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/hub schema --check
	$(BIN)/pytest -q tests/house

format: install-dev ## let ruff format and mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: install-dev ## measure; judges nothing
	@$(MAKE) --no-print-directory $(PEER)/.peer \
	|| echo "缺少对照软件，照常测量其余 / the peer cannot be had; the rest is measured" >&2
	$(BIN)/pytest -m bench tests/bench -s $(ARGS)

lock: install-dev ## write the lock files anew from pyproject.toml and peer.in
	$(COMPILE) --build-deps-for editable --output-file requirements.lock pyproject.toml
	$(COMPILE) --build-deps-for editable --extra dev --constraint requirements.lock \
		--output-file requirements-dev.lock pyproject.toml
	$(COMPILE) --output-file requirements-bench.lock tests/bench/peer.in

clean: ## remove .venv, caches and the demonstration's data
	rm -rf $(VENV) $(PEER) var build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache \
		.import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(PEER)/.peer: requirements-bench.lock
	@rm -rf $(PEER) && $(PYTHON) -m venv $(PEER)
	@$(PEER)/bin/python -m pip --disable-pip-version-check install -qq \
	--require-hashes --requirement $<
	@touch $@

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { \
	echo "需要 Python 3.11 或更高版本 / Python 3.11 or later is needed" >&2; exit 2; }
	@echo "建立 $(VENV) / making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
	echo "缺少 venv 模块（Debian: apt install python3-venv）/ the venv module is missing" >&2; \
	exit 2; }

# The project is installed without looking for a build tool: setuptools is locked too.
define install_from
	@echo "按 $(1) 安装，首次约一分钟 / installing $(1), about a minute the first time"
	@$(PIP) install -qq --require-hashes --requirement $(1)
	@$(PIP) install -qq --no-deps --no-build-isolation --editable .
	@touch $@
endef

$(VENV)/.product: requirements.lock pyproject.toml | $(VENV)/bin/python
	$(call install_from,requirements.lock)

$(VENV)/.development: requirements-dev.lock $(VENV)/.product
	$(call install_from,requirements-dev.lock)
