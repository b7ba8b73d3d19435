# Every target sets up what it needs; the environment is rebuilt only when requirements.lock or pyproject.toml changed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
LAB := .venv-lab

.DEFAULT_GOAL := help
.PHONY: help reproduce test lab bench readme lock clean

help:  ## List the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 20

reproduce: $(INSTALLED)  ## Everything from nothing: environment, run, figures, verify
	$(BIN)/cityresearch verify
	$(BIN)/cityresearch run

test: $(INSTALLED)  ## Everything from nothing: environment, tests
	$(BIN)/python -m ruff check .
	$(BIN)/python -m pytest

lab: $(LAB)/.installed  ## Open the notebooks in JupyterLab
	$(LAB)/bin/nbstripout --install --attributes .gitattributes 2>/dev/null || true
	$(LAB)/bin/jupyter lab --notebook-dir=notebooks

bench: $(INSTALLED)  ## Compare ways to execute the notebooks, and write docs/benchmarks.md
	$(BIN)/python tools/bench.py

readme: $(INSTALLED)  ## Write the table of verdicts and the page of datasets
	$(BIN)/python tools/readme_counts.py
	$(BIN)/python tools/catalogue.py

lock:  ## Resolve the lock files again (needs uv)
	uv pip compile pyproject.toml --extra cluster --extra test --extra dev --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-header -q -o requirements.lock
	uv pip compile pyproject.toml --extra lab --extra dev --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-header -q -o requirements-lab.lock

clean:  ## Remove the environments and everything that a run leaves aside
	rm -rf $(VENV) $(LAB) build .pytest_cache .ruff_cache .hypothesis

$(INSTALLED): requirements.lock pyproject.toml
	$(call install,$(VENV),requirements.lock)

$(LAB)/.installed: requirements-lab.lock pyproject.toml
	$(call install,$(LAB),requirements-lab.lock)

define install
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and f"Python 3.11 or newer is needed, found {sys.version.split()[0]}: call make with PYTHON=python3.11")'
	$(PYTHON) -m venv $(1)
	$(1)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(2)
	$(1)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(1)/bin/python -m compileall -q cityresearch
	@touch $(1)/.installed
endef
