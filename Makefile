# `make report` renders, `make test` tests, `make lab` opens the notebooks.
# They need Python 3.11 or later, make and a package index.

PYTHON ?= python3
RELEASE ?=
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv pip install --python $(BIN)/python --require-hashes

.PHONY: help report test lab check lint browser lock clean faults fuzz pythons bench

help:
	@echo "make report   set up, then render the default report into outputs/ (or RELEASE=…)"
	@echo "make test     set up, fetch a browser if there is none, run every test"
	@echo "make lab      set up, then open the notebooks in JupyterLab"
	@echo "make check    set up, then validate the tables and list the findings (or RELEASE=…)"
	@echo "make bench    set up, then measure beside plain papermill and nbconvert"
	@echo "make lint     set up, then ruff, mypy and nbstripout"
	@echo "make lock     compile requirements/ and environment.yml from pyproject.toml"
	@echo "make faults   break renders in every way, by the hundred; about an hour"
	@echo "make fuzz     mutate every table thousands of times"
	@echo "make pythons  render with other Pythons and compare every byte"
	@echo "make clean    delete the virtual environment and everything generated"

# Each set of packages is installed once; its mark is younger than its lock.
$(VENV)/.report: requirements/report.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or later is needed; name one with: make PYTHON=python3.12"; exit 2; }
	@test -x $(BIN)/python || { echo "Setting up $(VENV)"; $(PYTHON) -m venv $(VENV); }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@$(UV) -r requirements/report.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.lab: requirements/lab.lock $(VENV)/.report
	@$(UV) -r requirements/lab.lock
	@touch $@

$(VENV)/.test: requirements/test.lock $(VENV)/.report
	@$(UV) -r requirements/test.lock
	@touch $@ $(VENV)/.lab

report: $(VENV)/.report
	@$(BIN)/statedfigures render $(if $(RELEASE),--release $(RELEASE))

check: $(VENV)/.report
	@$(BIN)/statedfigures check $(if $(RELEASE),--release $(RELEASE))

test: $(VENV)/.test browser lint
	@$(BIN)/python -m pytest

lint: $(VENV)/.test
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/nbstripout --verify notebooks/*.ipynb

# Beside plain papermill and nbconvert; the results stay in benchmarks/README.md.
bench: $(VENV)/.test
	@$(BIN)/python benchmarks/engine.py
	@$(BIN)/python benchmarks/measure.py --keep
	@$(BIN)/python benchmarks/measure_grid.py --keep

lab: $(VENV)/.lab
	@$(BIN)/jupyter lab notebooks

# The tests open the pages in Chromium: the system's own where there is one,
# else Debian's package, else the build that Playwright brings.
browser: $(VENV)/.test
	@if command -v "$${STATEDFIGURES_CHROMIUM:-chromium}" >/dev/null; then \
		:; \
	elif command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
		echo "Installing Chromium for the browser tests"; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null; \
	else \
		echo "Fetching Chromium for the browser tests"; \
		$(BIN)/playwright install chromium; \
	fi

# One resolution for all; the smaller locks keep to it.
COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --extra build pyproject.toml
lock: $(VENV)/.test
	@$(COMPILE) --extra dev -o requirements/test.lock
	@$(COMPILE) --extra lab -c requirements/test.lock -o requirements/lab.lock
	@$(COMPILE) -c requirements/test.lock -o requirements/report.lock
	@{ sed '/^      - -e \.$$/q' environment.yml; \
		sed -n '/==/{s/ *\\$$//;s/^/      - /;p;}' requirements/lab.lock; } > environment.yml.new
	@mv environment.yml.new environment.yml

faults: $(VENV)/.test
	@$(BIN)/python -m tests.faults

# Each table 1,000 times in its cells, rows and columns and 1,000 times in its bytes.
fuzz: $(VENV)/.test
	@STATEDFIGURES_FUZZ=1000 $(BIN)/python -m pytest -q tests/fuzz

# Renders with each Python named, in an environment of its own, and compares.
PYTHONS ?= python3.12 python3.13
pythons: $(VENV)/.test
	@$(BIN)/python -m tests.pythons $(PYTHONS)

clean:
	@rm -rf $(VENV)
	@find outputs -mindepth 1 ! -name .gitkeep -delete
