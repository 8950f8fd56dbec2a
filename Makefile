# The two commands of the README are `make run` and `make test`. Everything else is for those who build machi.
SHELL := /bin/bash
BIN := .venv/bin
export PYTHONHASHSEED ?= 0

.PHONY: help run test test-long check fuzz lint types contracts docs bench lock messages clean

help: ## Say what there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: ## Set up what is missing and serve the sample consortium at http://127.0.0.1:8000
	@bin/setup run
	MACHI_SAMPLE=1 $(BIN)/machi run $(ARGS)

test: ## Install what the tests need and run them
	@bin/setup dev
	bin/test $(ARGS)

test-long: ## The long tests: many towns, thousands of rows, every page with axe
	@bin/setup dev
	bin/test --long

check: ## Everything that must hold before a change lands
	@bin/setup dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy machi tests
	MYPYPATH=bench $(BIN)/mypy bench
	$(BIN)/lint-imports
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet
	bin/test $(ARGS)
	bin/test --long

fuzz: ## Look for new counterexamples with the property tests
	@bin/setup dev
	HYPOTHESIS_PROFILE=fuzz $(BIN)/pytest -n 2 --dist loadfile --hypothesis-show-statistics $(or $(ARGS),tests/*/engine)

bench: ## Every figure quoted in docs/bench, measured here
	@bin/setup dev
	@for script in faq_retrieval answers answer_latency fit_urgent ledger claims personal_information expert_matching welfare_places welfare_job project_selection cost_models route_planner joint_pages learning_cases seminar_registration form_reading office_forms application_pile drafts transcripts; do echo "== $$script"; $(BIN)/python bench/$$script.py || exit 1; done

lock: ## Write the lock files anew
	bin/lock

messages: ## Collect the texts to be translated
	@bin/setup dev
	bin/messages

clean: ## Remove environment and data of this checkout
	rm -rf .venv var static site
