# make        set up .venv and build the graph of seeds/ into out/
# make test   run the tests            make lint   run the linters
# make bench  time what it does        make lock   pin the newest versions, and list their licences
# make learn  learn the weights of relations anew from training/
# make clean  remove what was made

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
CODE := $(shell find src ontology queries -type f -not -name '*.pyc')
SEEDS := $(wildcard seeds/*)

.PHONY: all install test lint bench bench-large learn lock clean
.DELETE_ON_ERROR:

all: out/graph.ttl
	@echo "made out/graph.ttl and the page out/index.html; next: $(BIN)/kzai-graph ask \"who heads the Mazhilis?\""

install: $(STAMP)

out/graph.ttl: $(STAMP) $(CODE) $(SEEDS)
	$(BIN)/kzai-graph build seeds --out out
	@touch $@

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || \
		{ echo "kzai-graph needs Python 3.11, 3.12 or 3.13; say which: make PYTHON=python3.12" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

test: $(STAMP)
	@bash tests/system_tools.sh
	$(BIN)/python -m pytest

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(STAMP)
	$(BIN)/python benchmarks/reading.py --check
	$(BIN)/python benchmarks/pages.py --check
	$(BIN)/python benchmarks/asking.py
	$(BIN)/python benchmarks/building.py

bench-large: $(STAMP)
	$(BIN)/python benchmarks/asking.py 10000 100000 1000000
	$(BIN)/python benchmarks/building.py 100 300 1000 3000
	$(BIN)/python benchmarks/scale.py 100 1000 10000 --check

learn: $(STAMP)
	$(BIN)/kzai-graph learn training --ontology ontology

# pip-compile reads the project from pyproject.toml and its dev group from standard input.
lock: $(STAMP)
	$(PYTHON) -m venv .lock-venv
	.lock-venv/bin/python -m pip install --quiet pip-tools
	.lock-venv/bin/python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["dependency-groups"]["dev"], sep="\n")' | \
		.lock-venv/bin/pip-compile --quiet --upgrade --all-extras --generate-hashes --strip-extras --allow-unsafe --no-header --no-annotate \
		--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options --output-file requirements.lock pyproject.toml -
	rm -rf .lock-venv
	$(MAKE) install
	$(BIN)/python tools/licences.py > docs/licences.md

clean:
	rm -rf $(VENV) .lock-venv out dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
