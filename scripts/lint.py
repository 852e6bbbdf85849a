"""Everything that is checked without running the site: style, types, imports, schema, settings.

    python scripts/lint.py [--write-schema]

All checks run, so that one look shows all that is wrong; the exit status is 1 if any failed.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
SCHEMA = ROOT / "docs" / "openapi.yaml"
EXAMPLE = ROOT / ".env.example"


def main() -> int:
    parser = argparse.ArgumentParser(description="Check the project without running it.")
    parser.add_argument("--write-schema", action="store_true", help="write docs/openapi.yaml anew")
    os.chdir(ROOT)
    if parser.parse_args().write_schema:
        return manage("spectacular", "--file", str(SCHEMA))
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["GIBUN_VAR_DIR"] = scratch
        os.environ["GIBUN_ENV_FILE"] = os.devnull
        checks = {
            "ruff check": lambda: call(BIN / "ruff", "check"),
            "ruff format": lambda: call(BIN / "ruff", "format", "--check"),
            "lint-imports": lambda: call(BIN / "lint-imports", "--no-cache"),
            "mypy": lambda: call(BIN / "mypy"),
            "makemigrations --check": lambda: manage("makemigrations", "--check", "--dry-run"),
            "check --deploy": lambda: check_deploy(Path(scratch)),
            "docs/openapi.yaml": lambda: check_schema(Path(scratch) / "openapi.yaml"),
        }
        failed = []
        for name, check in checks.items():
            say(f"── {name}")
            start = time.monotonic()
            if check():
                failed.append(name)
                say(f"── {name} FAILED ({time.monotonic() - start:.1f} s)")
    say(f"FAILED: {', '.join(failed)}" if failed else f"{len(checks)} checks hold.")
    return 1 if failed else 0


def check_schema(fresh: Path) -> int:
    """Compare the committed schema with what the code says today."""
    code = manage("spectacular", "--file", str(fresh), "--validate", "--fail-on-warn")
    if code:
        return code
    if SCHEMA.exists() and SCHEMA.read_bytes() == fresh.read_bytes():
        return 0
    say("docs/openapi.yaml is not what the code says: run `make schema` and commit it.")
    call("diff", "-u", str(SCHEMA), str(fresh))
    return 1


def check_deploy(scratch: Path) -> int:
    """Run Django's checks for production, with the environment that we tell people to copy."""
    example = scratch / "env"
    example.write_text(EXAMPLE.read_text("utf-8").replace("=change-me", "=" + "x9-Kq" * 12))
    return manage(
        *("check", "--deploy", "--fail-level", "WARNING"),
        GIBUN_ENV_FILE=str(example),
        DJANGO_SETTINGS_MODULE="config.settings.production",
    )


def manage(*arguments: str, **environment: str) -> int:
    return call(sys.executable, "manage.py", *arguments, **environment)


def call(*command: str | Path, **environment: str) -> int:
    return subprocess.call(command, env={**os.environ, **environment})  # noqa: S603 (our own)


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 (progress for the person who runs it)


if __name__ == "__main__":
    sys.exit(main())
