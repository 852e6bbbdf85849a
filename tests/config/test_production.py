"""Production refuses to start half-configured, and says what is missing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.environment import embedded_secret_key, read_secret_files

ROOT = Path(__file__).resolve().parents[2]
COMPLETE = {
    "SECRET_KEY": "x9-Kq" * 12,
    "ALLOWED_HOSTS": "diary.example.com",
    "DATABASE_URL": "postgres://gibun@127.0.0.1/gibun",
    "CELERY_BROKER_URL": "redis://127.0.0.1/0",
    "CACHE_URL": "redis://127.0.0.1/1",
}


def manage(
    folder: Path, environment: dict[str, str], *arguments: str
) -> subprocess.CompletedProcess[str]:
    """Run manage.py with production's settings and with nothing else in the environment."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        check=False,
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "config.settings.production",
            "GIBUN_VAR_DIR": str(folder),
            "GIBUN_ENV_FILE": os.devnull,
            **environment,
        },
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(
    "name", ["SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "CELERY_BROKER_URL"]
)
def test_refuses_to_start_without(name: str, tmp_path: Path) -> None:
    incomplete = {key: value for key, value in COMPLETE.items() if key != name}
    done = manage(tmp_path, incomplete, "check")
    assert done.returncode != 0
    assert f"{name} is not set" in done.stderr


def test_secret_may_come_from_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "key"
    secret.write_text("from-a-file\n")
    environment = {key: value for key, value in COMPLETE.items() if key != "SECRET_KEY"}
    script = "from django.conf import settings; print(settings.SECRET_KEY)"
    arguments = ("shell", "--no-imports", "-c", script)
    done = manage(tmp_path, {**environment, "SECRET_KEY_FILE": str(secret)}, *arguments)
    assert done.stdout.strip() == "from-a-file", done.stderr


def test_variable_wins_over_its_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("file")
    environment = {"SECRET_KEY": "variable", "SECRET_KEY_FILE": str(tmp_path / "key")}
    read_secret_files(environment)
    assert environment["SECRET_KEY"] == "variable"


def test_embedded_key_is_made_once_and_is_private(tmp_path: Path) -> None:
    path = tmp_path / "secret_key"
    key = embedded_secret_key(path)
    assert embedded_secret_key(path) == key
    assert len(key) >= 50
    assert path.stat().st_mode & 0o077 == 0


def test_deploy_checks_find_nothing(tmp_path: Path) -> None:
    done = manage(tmp_path, COMPLETE, "check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stdout + done.stderr


def test_deploy_checks_find_limits_that_cross(tmp_path: Path) -> None:
    crossed = {**COMPLETE, "READING_LEASE_SECONDS": "5"}
    done = manage(tmp_path, crossed, "check", "--deploy")
    assert "gibun.E002" in done.stderr
