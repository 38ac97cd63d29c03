# Two commands do everything: `make report` and `make test`.
# They need Python 3.11 or later, make and a package registry.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

.PHONY: help report test lab check lint browser lock clean faults fuzz pythons bench

help:
	@echo "make report   set up, then render the default report into outputs/"
	@echo "make test     set up, fetch a browser if there is none, run every test"
	@echo "make lab      set up, then open the notebooks in JupyterLab"
	@echo "make check    set up, then validate the tables and list the findings"
	@echo "make bench    set up, then measure beside plain papermill and nbconvert"
	@echo "make lint     set up, then ruff, mypy and nbstripout"
	@echo "make lock     compile requirements.lock and environment.yml from pyproject.toml"
	@echo "make faults   break renders in every way, by the hundred; about an hour"
	@echo "make fuzz     mutate every table thousands of times"
	@echo "make pythons  render with other Pythons and compare every byte"
	@echo "make clean    delete the virtual environment and everything generated"

$(INSTALLED): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or later is needed; name one with: make PYTHON=python3.12"; exit 2; }
	@echo "Setting up $(VENV) from requirements.lock"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

report: $(INSTALLED)
	@$(BIN)/statedfigures render

check: $(INSTALLED)
	@$(BIN)/statedfigures check

test: $(INSTALLED) browser lint
	@$(BIN)/python -m pytest

lint: $(INSTALLED)
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/nbstripout --verify notebooks/*.ipynb

# Beside plain papermill and nbconvert; the results stay in benchmarks/README.md.
bench: $(INSTALLED)
	@$(BIN)/python benchmarks/measure.py --keep
	@$(BIN)/python benchmarks/measure_grid.py --keep

lab: $(INSTALLED)
	@$(BIN)/jupyter lab notebooks

# The tests open the pages in Chromium: the system's own where there is one,
# else Debian's package, else the build that Playwright brings.
browser: $(INSTALLED)
	@if command -v "$${STATEDFIGURES_CHROMIUM:-chromium}" >/dev/null; then \
		:; \
	elif command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
		echo "Installing Chromium for the browser tests"; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null; \
	else \
		echo "Fetching Chromium for the browser tests"; \
		$(BIN)/playwright install chromium; \
	fi

lock: $(INSTALLED)
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --extra dev --generate-hashes \
		--no-header --no-annotate --no-emit-index-url pyproject.toml -o requirements.lock
	@{ sed '/^      - -e \.$$/q' environment.yml; \
		sed -n '/==/{s/ *\\$$//;s/^/      - /;p;}' requirements.lock; } > environment.yml.new
	@mv environment.yml.new environment.yml

faults: $(INSTALLED)
	@$(BIN)/python -m tests.faults

# Each table 1,000 times in its cells, rows and columns and 1,000 times in its bytes.
fuzz: $(INSTALLED)
	@STATEDFIGURES_FUZZ=1000 $(BIN)/python -m pytest -q tests/fuzz

# Renders with each Python named, in an environment of its own, and compares.
PYTHONS ?= python3.12 python3.13
pythons: $(INSTALLED)
	@$(BIN)/python -m tests.pythons $(PYTHONS)

clean:
	@rm -rf $(VENV)
	@find outputs -mindepth 1 ! -name .gitkeep -delete
