# Daliz: `make` lists what there is to make. Needs Python 3.11 or newer and make, nothing else.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SHELLFLAGS := -eu -c

PY := .venv/bin/python
LAID := .venv/.laid
# Test processes: one a core, eight at most.
WORKERS ?= auto

# The demonstration: a small border, so that it ends within minutes.
DEMO := demo
SEED ?= 7
MONTHS ?= 6
PER_DAY ?= 200
PORT ?= 8000
# Of the border that flows in live: three months that end with the last whole one.
SINCE ?= $(shell $(PY) -c 'from datetime import date; t = date.today(); n = t.year * 12 + t.month - 4; \
	print(f"{n // 12}-{n % 12 + 1:02}-01")')

##@ Everyday

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^##@/ {print "\n" substr($$0, 5)} /^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: setup
setup: $(LAID) ## lay the environment in .venv

$(LAID): requirements.lock pyproject.toml scripts/setup.sh
	@echo "Laying the environment in .venv ..."
	@PYTHON="$(PYTHON)" ./scripts/setup.sh

.PHONY: demo
demo: $(LAID) ## a pretend border, its last month decided, and another one served live; ends by make demo-stop
	@$(PY) -m daliz demo stop --home $(DEMO)/home >/dev/null
	@rm -rf $(DEMO)
	$(PY) -m daliz world --pack kz --seed $(SEED) --months $(MONTHS) --per-day $(PER_DAY) \
		--past-controls documents=16%,physical=4% --out $(DEMO)/world
	$(PY) -m daliz assess $(DEMO)/world/declarations.parquet --findings $(DEMO)/world/findings.parquet \
		--pack kz --month last --capacity documents=16%,physical=4% --out $(DEMO)/decided
	@echo
	@echo "The border is decided. Look at:"
	@echo "  $(DEMO)/decided/report.html         corridors, load, profiles, examples with reasons (any browser)"
	@echo "  $(DEMO)/decided/decisions.parquet   one row a declaration"
	@echo "  $(DEMO)/decided/measures.parquet    what is to be done, and why"
	@echo "  .venv/bin/daliz explain $(DEMO)/decided ID --as analyst   the reasons of one declaration"
	@echo
	$(PY) -m daliz world --pack kz --seed $(SEED) --months 3 --per-day 60 --from $(SINCE) \
		--past-controls documents=16%,physical=4% --out $(DEMO)/flow
	$(PY) -m daliz demo start --world $(DEMO)/flow --home $(DEMO)/home --port $(PORT)

.PHONY: demo-stop
demo-stop: $(LAID) ## stop the demonstration that runs
	@$(PY) -m daliz demo stop --home $(DEMO)/home

.PHONY: test
test: $(LAID) ## run every test
	@$(PY) -m pytest $(TOGETHER) -p tests.without_django -p no:django -o addopts="$(PLAIN)" $(ENGINE)
	@./scripts/postgresql.sh
	@$(PY) -m pytest -p tests.on_postgresql -m both_databases $(LIVE)
	@./scripts/chromium.sh
	@$(PY) -m pytest $(TOGETHER) $(ENGINE:%=--ignore=%)

TOGETHER = -n $(WORKERS) --maxprocesses=8 --dist loadfile
# The engine is tested as if Django were not installed.
ENGINE = tests/engine src/daliz/engine
# What touches the database is tested on PostgreSQL too, before all the others: DuckDB has words of its own when a
# process ends, and the closing line of the tests is to be the last.
LIVE = tests/ground tests/customs tests/flow tests/doors/api tests/doors/cli/test_serving.py tests/config/test_upgrade.py
PLAIN = --import-mode=importlib --strict-markers --doctest-modules --doctest-continue-on-failure -p no:cacheprovider

.PHONY: check
check: $(LAID) ## what must hold before a change lands: style, types, layers, docs, languages
	$(PY) -m ruff check
	$(PY) -m ruff format --check
	$(PY) -m mypy
	.venv/bin/lint-imports --no-logo
	@$(MAKE) --no-print-directory docs
	$(PY) -m pytest -q tests/house tests/docs

.PHONY: docs
docs: $(LAID) ## build the site into docs/_build/html; a warning is an error
	$(PY) -m sphinx -q -W -n -b html docs docs/_build/html

.PHONY: bench
bench: $(LAID) ## run the benchmarks, or one: make bench NAME=reading
	@for name in $(or $(NAME),$(BENCHES)); do echo "bench: $$name"; $(PY) -m bench.$$name; done

.PHONY: study
study: $(LAID) ## replay worlds unseen in development, hours; STUDY="--months 6 --per-day 60" for less
	@$(PY) -m studies.learning_gap $(STUDY)

.PHONY: study-live
study-live: $(LAID) ## decide a month of a world live beside the batch and count what differs; about an hour
	@$(PY) -m studies.live_month --out studies/results/live_month.json $(STUDY)

.PHONY: study-amended
study-amended: $(LAID) ## what an amendment on a later day costs live, beside the batch; a quarter of an hour
	@$(PY) -m studies.amended_later --out studies/results/amended_later.json $(STUDY)

.PHONY: study-korea
study-korea: $(LAID) ## what is learned from the public Korean declarations, DATA=folder of them; takes a while
	@OMP_NUM_THREADS=1 $(PY) -m studies.korea --data $(DATA)

DATA ?= ../shared/data/korea

.PHONY: peers
peers: $(LAID) ## lay what the benchmarks compare with: Polars, rule engines, Spark (which needs Java)
	@$(PY) -m pip install --quiet --editable '.[bench,spark]'

.PHONY: fuzz
fuzz: $(LAID) ## read mutated XML documents, COUNT=100000 of them; nothing may crash
	@$(PY) -m scripts.fuzz_xml --count $(COUNT) --seed $(SEED)

COUNT ?= 100000

.PHONY: proxy
proxy: $(LAID) ## sign in over HTTPS behind Caddy as deploy/ sets it; needs caddy and Chromium
	@$(PY) -m pytest -q tests/browser/behind_caddy.py

.PHONY: contract
contract: $(LAID) ## hold the API to its description by EXAMPLES=100 requests of each operation
	@CONTRACT_EXAMPLES=$(EXAMPLES) $(PY) -m pytest -q tests/doors/api/test_contract.py

EXAMPLES ?= 100

BENCHES = $(filter-out record peer_rules polars_rules spark_session cluster served holding wire bare_service load_parts modelled,$(basename $(notdir $(wildcard bench/[a-z]*.py))))

##@ When something changes

.PHONY: format
format: $(LAID) ## let ruff lay the code out
	@$(PY) -m ruff check --fix
	@$(PY) -m ruff format

.PHONY: reference
reference: $(LAID) ## write the generated pages of docs/reference anew
	@$(PY) -m scripts.reference

.PHONY: messages
messages: $(LAID) ## bring the Russian and Kazakh catalogues up to the source
	@$(PY) -m scripts.messages

.PHONY: vendor
vendor: $(LAID) ## bring the browser's parts into the package; needs npm
	@$(PY) -m scripts.vendor

.PHONY: lock
lock: $(LAID) ## bring requirements.lock up to pyproject.toml; UPGRADE=1 takes newer releases
	@$(PY) -m uv pip compile --no-config --quiet $(if $(UPGRADE),--upgrade) --universal --python-version 3.11 \
		--fork-strategy fewest --generate-hashes --no-emit-index-url --no-header \
		--group dev pyproject.toml --output-file requirements.lock

.PHONY: clean
clean: ## remove what was made, the environment too
	@rm -rf .venv $(DEMO) docs/_build build dist .mypy_cache .ruff_cache .import_linter_cache .hypothesis
