SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
PROTO_VENV := .venv-proto
DEV := $(VENV)/.installed-dev
DEMO := $(VENV)/.installed-demo
ORACLE := $(VENV)/.installed-oracle
BENCH := $(VENV)/.installed-bench
PROTOC := $(PROTO_VENV)/.installed
BASELINE := proto/baseline.binpb

find_python = $(shell for p in $(1); do \
	"$$p" -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$p" && break; done)
ifndef PYTHON
PYTHON := $(call find_python,python3.11 python3.12 python3.13 python3.14 python3)
endif
# grpcio-tools 1.62 has wheels up to Python 3.12.
PROTO_PYTHON ?= $(or $(call find_python,python3.11 python3.12),$(PYTHON))

# A checkout made ready for development needs nothing more to run the server or the demo.
RUNTIME = $(if $(wildcard $(DEV)),$(DEV),$(DEMO))

.PHONY: help demo serve test torch-samples bench lint oracle proto proto-check proto-baseline generate generate-check \
	runtime-versions wheel-check image-test clean

help: ## show this
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "error: no Python 3.11 or newer (with venv) found; try make PYTHON=…" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(DEMO): pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable '.[server,demo]'
	touch $@

$(DEV): pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	touch $@

$(ORACLE): $(DEV)
	$(BIN)/python -m pip install --quiet --editable '.[dev,oracle]'
	touch $@

$(BENCH): $(DEV)
	$(BIN)/python -m pip install --quiet --editable '.[dev,bench]'
	touch $@

$(PROTOC): tools/proto-requirements.txt
	$(PROTO_PYTHON) -m venv --clear $(PROTO_VENV)
	$(PROTO_VENV)/bin/python -m pip install --quiet --requirement $<
	touch $@

demo: ## train a model through a server, with gradients streamed back
	@$(MAKE) --no-print-directory $(RUNTIME)
	$(BIN)/gradwire demo

serve: ## run a server on this machine
	@$(MAKE) --no-print-directory $(RUNTIME)
	$(BIN)/gradwire serve

test: $(DEV) ## run the tests (PYTEST_ARGS="-k name" for some of them)
	$(BIN)/python -m pytest --numprocesses=auto $(PYTEST_ARGS)

torch-samples: $(ORACLE) ## compare with PyTorch on PyTorch's own samples (ARGS="--float32 sum" for some)
	$(BIN)/python tests/torch_samples.py $(ARGS)

bench: $(BENCH) ## run the benchmarks
	$(BIN)/python -m benchmarks
	$(BIN)/python -m benchmarks.plans

lint: $(DEV) ## check style, types, imports between packages and the contract
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/pyright
	$(BIN)/lint-imports --no-cache
	$(BIN)/buf lint
	@if [ -f $(BASELINE) ]; then \
		echo $(BIN)/buf breaking --against $(BASELINE); $(BIN)/buf breaking --against $(BASELINE); \
	else \
		echo "WARNING: buf breaking SKIPPED: there is no $(BASELINE) (make proto-baseline makes it)" >&2; fi

oracle: $(ORACLE) ## install PyTorch, which some tests compare with

proto: $(PROTOC) ## make the Python stubs from proto/
	PROTO_VENV=$(PROTO_VENV) tools/generate_stubs.sh

proto-check: $(PROTOC) ## fail if the Python stubs are stale
	PROTO_VENV=$(PROTO_VENV) tools/generate_stubs.sh --check

proto-baseline: $(DEV) ## freeze the contract that `make lint` compares proto/ with
	$(BIN)/buf build -o $(BASELINE)

generate: proto $(DEV) ## make every generated file
	$(BIN)/python tools/generate_functions.py
	$(BIN)/python tools/generate_operator_docs.py

generate-check: proto-check $(DEV) ## fail if a generated file is stale
	$(BIN)/python tools/generate_functions.py --check
	$(BIN)/python tools/generate_operator_docs.py --check

runtime-versions: $(DEV) ## run the SDK tests on the oldest and newest dependencies
	tools/check_runtime_versions.sh

wheel-check: $(DEV) ## build the wheel and try it in an empty environment
	tools/check_wheel.sh

image-test: $(DEV) ## build the container image and take a gradient through it
	deploy/image_test.sh

clean: ## remove what was built (the .venv folders stay)
	rm -rf build dist .pytest_cache .ruff_cache .hypothesis
	find benchmarks client deploy engine examples server tests tools -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true
