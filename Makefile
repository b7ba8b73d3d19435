# Every target sets up what it needs; an environment is made anew when its lock file or pyproject.toml changed, or the folder moved.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
LAB := .venv-lab

# compiled modules are kept: without them each process of a run or a test compiles everything anew
unexport PYTHONDONTWRITEBYTECODE

# an environment holds the path of its folder: one that came along with a move or a copy would run the code of the old place
$(foreach env,$(VENV) $(LAB),$(if $(wildcard $(env)/.installed),$(shell \
	test "$$(cat $(env)/.installed)" = "$(CURDIR)" && $(env)/bin/python -c '' 2>/dev/null || rm -f $(env)/.installed)))

.DEFAULT_GOAL := help
.PHONY: help environment reproduce report test lab filter bench docs matrix test-long release lock clean

help:  ## List the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

environment: $(INSTALLED)  ## Set up the environment, and nothing else

reproduce: $(INSTALLED)  ## Everything from nothing: environment, data check, verify, run
	$(BIN)/cityresearch data check
	$(BIN)/cityresearch verify
	$(BIN)/cityresearch run

report: $(INSTALLED)  ## A static site of all results: build/report/index.html
	$(BIN)/cityresearch run
	$(BIN)/cityresearch report

test: $(INSTALLED)  ## Everything from nothing: environment, tests
	$(BIN)/python -m ruff check .
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

# tools/lab holds the settings of JupyterLab; the kernel is that of the environment, whatever the user has installed elsewhere
lab: $(LAB)/.installed filter  ## Open the notebooks in JupyterLab; its own options as ARGS="--no-browser --port 9999"
	JUPYTER_CONFIG_PATH="$(CURDIR)/tools/lab$${JUPYTER_CONFIG_PATH:+:$$JUPYTER_CONFIG_PATH}" JUPYTER_PREFER_ENV_PATH=1 \
		$(LAB)/bin/python -m jupyterlab --notebook-dir=notebooks $$(test "$$(id -u)" != 0 || echo --allow-root) $(ARGS)

filter:  ## Let git store notebooks without outputs, from any editor (`make lab` does it too)
	@$(PYTHON) tools/notebook_filter.py --set-up

bench: $(INSTALLED)  ## Compare ways to execute the notebooks, and write docs/benchmarks.md
	$(BIN)/python tools/bench.py

docs: $(INSTALLED)  ## Write the pages of datasets, of the library, of what differs, of what moved, of refreshing, and of figures
	$(BIN)/python tools/catalog_page.py
	$(BIN)/python tools/api.py
	$(BIN)/python tools/differences_page.py
	$(BIN)/python tools/verdict_changes_page.py
	$(BIN)/python tools/refresh_page.py
	$(BIN)/python tools/figures_page.py

matrix: $(INSTALLED)  ## Run each chapter with each allowed value of its parameters, with figures
	$(BIN)/python tools/matrix.py $(ARGS)

test-long: $(INSTALLED)  ## The tests that take long: killing, torture, whole grids of charts and tables, more examples of each property
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder -m 'long or hypothesis' --hypothesis-profile=thorough

release: $(INSTALLED)  ## A zip of this commit with report and notes, made again from the zip: build/release
	$(BIN)/python tools/release.py $(ARGS)

lock:  ## Resolve the lock files again (needs uv)
	uv pip compile pyproject.toml --extra cluster --extra archive --extra documents --extra test --extra dev --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-header -q -o requirements.lock
	uv pip compile pyproject.toml --extra lab --extra dev --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-header -q -o requirements-lab.lock

clean:  ## Remove the environments and everything else that a run leaves behind
	rm -rf $(VENV) $(LAB) build .pytest_cache .ruff_cache .hypothesis

$(INSTALLED): requirements.lock pyproject.toml
	$(call install,$(VENV),requirements.lock)

$(LAB)/.installed: requirements-lab.lock pyproject.toml
	$(call install,$(LAB),requirements-lab.lock)

define install
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and f"Python 3.11 or newer is needed, found {sys.version.split()[0]}: call make with PYTHON=python3.11")'
	@echo "Installing about $$(grep -c '^[a-z0-9-]*==' $(2)) packages into $(1), which takes about two minutes the first time ..."
	$(PYTHON) -m venv --clear $(1)
	@echo "... 1 of 2: downloading and unpacking"
	$(1)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(2)
	@echo "... 2 of 2: compiling, about 20 seconds"
	$(1)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(1)/bin/python -m compileall -q cityresearch
	@echo "$(CURDIR)" > $(1)/.installed
endef
