# Everything sets itself up: a virtual environment in this folder, pinned by constraints.txt.
#   make demo    the main job: a simulated array calibrates, tracks a day, and is compared over a year
#   make test    the gate: lint, types, arrows between the rooms, firmware on an emulated board, tests
#   make soak    the long proofs: damaged frames, noisy lines, fuzzing (half an hour)
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
OUT ?= sunflower-demo
# For the tests: compilers and an emulator for the firmware, Hamlib's programs as foreign peers.
BOARD_PACKAGES := gcc libc6-dev make clang gcc-avr avr-libc binutils-avr libsimavr-dev libelf-dev
PEER_PACKAGES := libhamlib-utils socat
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: demo test lint types arrows unit soak bench clean help
.DEFAULT_GOAL := help

help:
	@sed -n '2,4s/^# *//p' Makefile

demo: $(VENV)/run.done
	$(BIN)/sunflower demo --out $(OUT) --force

test: lint types arrows unit

lint: $(VENV)/dev.done
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/dev.done
	$(BIN)/mypy

arrows: $(VENV)/dev.done
	$(BIN)/lint-imports

unit: $(VENV)/dev.done $(VENV)/packages.done
	$(BIN)/pytest -q -n auto --dist loadfile

soak: $(VENV)/dev.done $(VENV)/packages.done
	SOAK=1 $(BIN)/pytest -q tests/firmware_bridge/wire tests/fuzz
	$(MAKE) -C firmware_bridge/firmware fuzz FUZZ_RUNS=1000000

bench: $(VENV)/dev.done
	@for bench in benchmarks/*.py; do echo "== $$bench"; $(BIN)/python $$bench || exit 1; done

$(VENV)/base.done: scripts/make-venv
	PYTHON=$(PYTHON) scripts/make-venv $(VENV)
	@touch $@

$(VENV)/run.done: $(VENV)/base.done pyproject.toml constraints.txt
	$(BIN)/pip install --quiet -c constraints.txt -e .
	@touch $@

$(VENV)/dev.done: $(VENV)/run.done
	$(BIN)/pip install --quiet -c constraints.txt -e '.[dev,bench]'
	@touch $@

$(VENV)/packages.done: $(VENV)/base.done scripts/debian-packages
	scripts/debian-packages $(BOARD_PACKAGES) $(PEER_PACKAGES)
	@touch $@

clean:
	rm -rf $(VENV) $(OUT) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
