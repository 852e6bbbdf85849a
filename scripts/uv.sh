#!/bin/sh
# Prints the path of a uv that reads this project's lock file: the machine's own, or one kept in
# .uv. What it says to people goes to standard error.
set -eu
cd "$(dirname "$0")/.."
pinned=0.13.8
oldest=0.8

new_enough() {
    version=$("$1" --version 2>/dev/null | awk '{print $2}')
    [ -n "$version" ] && [ "$(printf '%s\n' "$oldest" "$version" | sort -V | head -n 1)" = "$oldest" ]
}

if found=$(command -v uv) && new_enough "$found"; then
    echo "$found"
    exit
fi
for kept in .uv/bin/uv .uv/lib/bin/uv; do
    if new_enough "$kept"; then
        echo "$PWD/$kept"
        exit
    fi
done

python=${PYTHON3:-python3}
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "Gibun needs Python 3.11 or newer; name one with PYTHON3=/path/to/python make ..." >&2
    exit 1
}
echo "Getting uv $pinned, which installs the rest ..." >&2
rm -rf .uv
if "$python" -m venv .uv >/dev/null 2>&1; then
    .uv/bin/python -m pip install --quiet "uv==$pinned" >&2
    echo "$PWD/.uv/bin/uv"
elif "$python" -m pip install --quiet --target .uv/lib "uv==$pinned" >&2; then
    # Debian keeps venv in a package of its own.
    echo "$PWD/.uv/lib/bin/uv"
else
    rm -rf .uv
    echo "Neither 'python3 -m venv' nor 'python3 -m pip' works here. Install one of them" >&2
    echo "(Debian, Ubuntu: apt install python3-venv) or uv itself, and try again." >&2
    exit 1
fi
