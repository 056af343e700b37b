# Two commands are all that is needed: `make up` runs Muster, `make test` proves it. Both set up what they need.
.PHONY: up test check lint setup setup-dev apprise docs sbom lock format clean

up: setup
	@.venv/bin/muster serve

test: setup-dev
	@scripts/peers
	@.venv/bin/python -m pytest -n 2 --dist loadfile -p no:cacheprovider tests

check: lint
	@.venv/bin/python -m pytest -n 2 tests/unit tests/architecture

lint: setup-dev
	@.venv/bin/ruff check src tests bench
	@.venv/bin/ruff format --check src tests bench
	@.venv/bin/mypy
	@.venv/bin/lint-imports

setup:
	@scripts/setup run

setup-dev:
	@scripts/setup dev

# The services of Apprise, which make up leaves out: see docs/decisions/apprise-extra.md.
apprise:
	@scripts/setup apprise

# The references that come from the code, and the site of all documents: open dist/site/index.html.
docs: setup-dev
	@.venv/bin/python scripts/reference
	@.venv/bin/python scripts/site

# The bill of materials of what make up installs, in dist/sbom.json.
sbom: setup-dev
	@.venv/bin/python scripts/sbom

lock:
	@scripts/lock

format:
	@.venv/bin/ruff format src tests bench
	@.venv/bin/ruff check --fix src tests bench

clean:
	rm -rf .venv .mypy_cache .ruff_cache .hypothesis dist
