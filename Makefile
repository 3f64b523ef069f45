# The two commands: `make run` serves the site with its demo content, `make test` runs everything.
# Both set up what they need in .venv and say what they are doing.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
HOST ?= 127.0.0.1

.PHONY: help run test check format catalogs benchmarks prove tools clean

help:
	@echo "make run         set up, then serve the site with demo content on port $(PORT)"
	@echo "make test        set up, check and run the whole test suite"
	@echo "make check       format, lint, types, import contracts, templates"
	@echo "make format      write the formatting that check asks for"
	@echo "make catalogs    bring the shipped translations up to date with the code"
	@echo "make benchmarks  print what pages and errors cost, small and large"
	@echo "make prove       prove for an hour what the suite proves for seconds: load, kill -9, cut files"

run: $(VENV)/run
	@echo "==> Preparing the database"
	@$(BIN)/verso init --no-link
	@test -f instance/.demo || { echo "==> Importing the demo content" && $(BIN)/verso demo && touch instance/.demo; } \
		|| echo "==> Serving the site without the demo content"
	@$(BIN)/verso serve --host $(HOST) --port $(PORT)

test: $(VENV)/test check tools
	@echo "==> Running the tests"
	@$(BIN)/python -m scripts.suite -n 4 --dist worksteal -q

check: $(VENV)/test
	@echo "==> Checking format, lint, types, imports and templates"
	@$(BIN)/ruff format --check -q .
	@$(BIN)/ruff check -q .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache > /tmp/verso-imports.$$$$ 2>&1 && echo "Imports fall as they should" \
		|| { cat /tmp/verso-imports.$$$$; rm -f /tmp/verso-imports.$$$$; exit 1; }; rm -f /tmp/verso-imports.$$$$
	@$(BIN)/djlint verso/templates --lint --quiet

format: $(VENV)/test
	@$(BIN)/ruff format -q .
	@$(BIN)/ruff check -q --fix .

catalogs: $(VENV)/test
	@$(BIN)/verso translations extract
	@$(BIN)/verso translations update

benchmarks: $(VENV)/test
	@$(BIN)/python -m benchmarks.scale
	@$(BIN)/python -m benchmarks.admin
	@$(BIN)/python -m benchmarks.errors
	@$(BIN)/python -m benchmarks.merging
	@$(BIN)/python -m benchmarks.collection

prove: $(VENV)/test
	@$(BIN)/python -m proofs.reading
	@$(BIN)/python -m proofs.soak
	@$(BIN)/python -m proofs.cut_catalogs
	@$(BIN)/python -m proofs.kill 600 sqlite
	@$(BIN)/python -m proofs.kill 600 postgresql

# Browser and translation tools: installed where that is possible, else their tests skip.
tools: $(VENV)/test
	@sh scripts/install-tools.sh

$(VENV)/run: requirements.lock pyproject.toml
	@$(MAKE) --no-print-directory .venv-python LOCK=requirements.lock
	@touch $@

$(VENV)/test: requirements-test.lock pyproject.toml
	@$(MAKE) --no-print-directory .venv-python LOCK=requirements-test.lock
	@touch $@ $(VENV)/run

.PHONY: .venv-python
.venv-python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Verso needs Python 3.11 or newer; set PYTHON=/path/to/python3.11" >&2; exit 1; }
	@test -x $(BIN)/python || { echo "==> Making a virtual environment in $(VENV)" && $(PYTHON) -m venv $(VENV); } \
		|| { echo "Python's venv module is missing: install the package python3-venv" >&2; exit 1; }
	@echo "==> Installing what $(LOCK) lists"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r $(LOCK) \
		|| { echo "The packages could not be installed: is a package index reachable?" >&2; exit 1; }
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .

clean:
	rm -rf $(VENV) instance tests/browser/node_modules
