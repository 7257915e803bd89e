# The two commands: `make demo` and `make test`. They need python3 (3.11 or later, with venv) and make, nothing else.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RECORD := demo.db

# pip is silent unless something is wrong. Every package comes with its hash; the project itself is installed from here, without any.
PIP := PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore $(BIN)/python -m pip install --quiet

.PHONY: demo test lint types bench docs fuzz browser pcaps deb deb-test clean

demo: $(VENV)/run.stamp
	@$(BIN)/otwatch replay --site configs/site.yaml --record $(RECORD) pcaps/hospital.pcapng; status=$$?; test $$status -le 1

test: lint types
	$(BIN)/python -m pytest -n 2 --ignore tests/live
	$(BIN)/python -m pytest tests/live

lint: $(VENV)/test.stamp
	$(BIN)/ruff check .

types: $(VENV)/test.stamp
	$(BIN)/mypy

bench: $(VENV)/test.stamp
	@$(BIN)/python -m compileall -q otwatch
	$(BIN)/python -m tests.bench

# docs/*.md and configs/grafana, from the code and, where there are any, from the captures.
docs: $(VENV)/test.stamp
	$(BIN)/python -m tests.docs

SECONDS ?= 120

# All targets together take SECONDS of time, two at once.
fuzz: $(VENV)/fuzz.stamp
	$(BIN)/python -m tests.fuzz --seconds $(SECONDS)

# The page in a real browser, and on paper: needs the Debian package chromium.
browser: $(VENV)/page.stamp
	$(BIN)/python -m pytest tests/outputs/page/test_browser.py tests/outputs/report/test_paper.py

# Needs root, and the Debian packages that pcaps/SOURCES.md names.
pcaps: $(VENV)/test.stamp
	$(BIN)/python -m pcaps.make_hospital

# dist/otwatch_VERSION_amd64.deb, for a Debian 12 without internet. Needs dpkg-deb.
deb: $(VENV)/test.stamp
	$(BIN)/python -m deb.build

# Installs it on a Debian 12 that boots in a container. Needs root and the Debian packages debootstrap and systemd-container.
deb-test: deb
	OTWATCH_DEB=$$(ls dist/otwatch_*_amd64.deb) $(BIN)/python -m pytest tests/live/test_deb.py

clean:
	rm -rf dist $(VENV) $(RECORD) $(RECORD)-shm $(RECORD)-wal .mypy_cache .ruff_cache .pytest_cache .hypothesis

# A stamp is as old as the last installation from its requirements.
$(VENV)/run.stamp: requirements/run.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) --require-hashes -r requirements/run.txt
	@$(PIP) --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q otwatch
	@touch $@

$(VENV)/test.stamp: requirements/test.txt $(VENV)/run.stamp
	@$(PIP) --require-hashes -r requirements/test.txt
	@touch $@

$(VENV)/fuzz.stamp: requirements/fuzz.txt $(VENV)/test.stamp
	@$(PIP) --require-hashes -r requirements/fuzz.txt
	@touch $@

# What `otwatch report --pdf` needs beside.
$(VENV)/pdf.stamp: requirements/pdf.txt $(VENV)/test.stamp
	@$(PIP) --require-hashes -r requirements/pdf.txt
	@touch $@

$(VENV)/page.stamp: requirements/page.txt $(VENV)/pdf.stamp
	@$(PIP) --require-hashes -r requirements/page.txt
	@touch $@
