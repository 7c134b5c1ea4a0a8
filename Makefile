# make run    the chat over seeds/, or over another folder: make run ARTICLES=some/folder
# make test   linters, types and all tests
# Both make .venv from pyproject.toml first and change nothing outside this folder.

PYTHON ?= python3
ARTICLES ?= seeds
# The CPU build is a fraction of the size of the one that plain Linux installs bring: name
# PyTorch's own index for it, make test TORCH_INDEX=https://download.pytorch.org/whl/cpu
TORCH ?= torch==2.13.0
TORCH_INDEX ?=

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --no-cache-dir --disable-pip-version-check

# The models come with the program; nothing is looked up or reported anywhere.
export HF_HUB_OFFLINE := 1
export GRADIO_ANALYTICS_ENABLED := False

.PHONY: run test lint format clean

run: $(VENV)/installed
	@$(BIN)/article-qa serve "$(ARTICLES)"

test: $(VENV)/installed-test lint
	$(BIN)/python -m pytest -q

lint: $(VENV)/installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/installed-test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf $(VENV) .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis test-artifacts build *.egg-info

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed: make run PYTHON=/path/to/python3.11"; exit 2; }
	$(PYTHON) -m venv $(VENV)

# First, alone: what comes later finds it there and leaves it alone.
$(VENV)/torch: $(VENV)/bin/python
	$(PIP) install --quiet $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX)) "$(TORCH)"
	@touch $@

$(VENV)/installed: $(VENV)/torch pyproject.toml
	$(PIP) install --quiet --editable ".[office,pdf]"
	@touch $@

$(VENV)/installed-test: $(VENV)/installed
	$(PIP) install --quiet --editable ".[test]"
	@touch $@
