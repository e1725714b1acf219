# Everything works on a fresh clone with only python3, make and the package registries; the first use sets it up.
SHELL := /bin/bash
PY := .venv/bin/python
export PATH := $(CURDIR)/.venv/bin:$(PATH)

.PHONY: run test check bench translations setup lock

setup: .venv/ready

.tools/bin/uv:
	python3 -m pip install -q --disable-pip-version-check --root-user-action=ignore --target .tools uv 2> >(grep -v "is ignored: it is neither" >&2)

.venv/ready: requirements-dev.lock .tools/bin/uv
	test -x .venv/bin/python || .tools/bin/uv venv -q --python "$$(command -v python3)" .venv
	.tools/bin/uv pip sync -q --compile-bytecode --require-hashes --python .venv/bin/python requirements-dev.lock
	touch $@

run: setup
	@$(PY) -m flask --app wsgi db upgrade
	@$(PY) -m flask --app wsgi seed-demo --if-empty
	@exec $(PY) -m flask --app wsgi serve

# The stories start a hundred processes: each would compile the house anew where bytecode is not to be written.
test: setup
	PYTHONDONTWRITEBYTECODE= $(PY) -m pytest -n 2 --dist loadfile

check: setup
	ruff format --check .
	ruff check .
	mypy
	lint-imports
	$(MAKE) test

bench: setup
	$(PY) -m tests.benchmarks

# The Chinese of the interface, after a .po file was edited; names what is said in no Chinese yet.
translations: setup
	$(PY) -m app.translations

# Newer versions of the libraries: edit pyproject.toml, then `make lock`.
lock: .tools/bin/uv
	.tools/bin/uv pip compile -q -U --universal --python-version 3.11 pyproject.toml --generate-hashes --no-annotate --no-header --no-emit-index-url --no-emit-find-links -o requirements.lock
	.tools/bin/uv pip compile -q -U --universal --python-version 3.11 pyproject.toml --group dev --generate-hashes --no-annotate --no-header --no-emit-index-url --no-emit-find-links -o requirements-dev.lock
