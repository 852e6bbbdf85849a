# make run    the site on http://127.0.0.1:8000/ (PORT, HOST and GIBUN_VAR_DIR change that)
# make test   everything that has to hold
# Needs Python 3.11 or newer, make and, the first time, the internet.

.DEFAULT_GOAL := run
.PHONY: run test lint unit schema messages packages front tools clean

PYTHON := .venv/bin/python
# The person's shell may have another virtual environment activated.
unexport VIRTUAL_ENV
# Without compiled modules every process takes three times as long to start.
unexport PYTHONDONTWRITEBYTECODE
export UV_PROJECT_ENVIRONMENT := .venv

run: packages front
	@$(PYTHON) scripts/serve.py

# Inexact: what `make test` installed beside it stays.
packages:
	@uv=$$(sh scripts/uv.sh) && "$$uv" sync --frozen --inexact

front: packages
	@sh scripts/front.sh

tools:
	@uv=$$(sh scripts/uv.sh) && "$$uv" sync --frozen --all-groups --extra train
	@sh scripts/front.sh

test: tools
	@$(PYTHON) scripts/lint.py
	@$(PYTHON) -m pytest

lint: tools
	@$(PYTHON) scripts/lint.py

schema: tools
	@$(PYTHON) scripts/lint.py --write-schema

# Collects the words anew; needs the gettext tools. Fill in locale/en, then `make run` compiles.
messages: tools
	@$(PYTHON) manage.py makemessages --locale ko --locale en --no-obsolete --no-location \
		--ignore var --ignore node_modules --ignore .venv --ignore .uv

# What can be made again. The diary itself, in var/, stays.
clean:
	rm -rf .venv .uv node_modules static/vendor var/static var/model var/broker var/cache
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find locale -name '*.mo' -delete
