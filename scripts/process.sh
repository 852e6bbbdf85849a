#!/bin/sh
# Runs one process of the Procfile, as a container does: sh scripts/process.sh worker
set -eu
cd "$(dirname "$0")/.."
command=$(sed -n "s/^$1: *//p" Procfile)
[ -n "$command" ] || { echo "The Procfile has no process '$1'." >&2; exit 1; }
eval "$command"
