"""What a web process loads, and who imports whom."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEAVY = {"tensorflow", "keras", "openvino", "cv2"}
WEB = """
import sys
import config.wsgi
from django.urls import get_resolver

def resolve(resolver):
    for pattern in resolver.url_patterns:
        resolve(pattern) if hasattr(pattern, "url_patterns") else pattern.callback

resolve(get_resolver())
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""
WORKER = WEB.replace("import config.wsgi", "import config.wsgi, config.celery, diary.tasks")


@pytest.mark.parametrize("script", [WEB, WORKER], ids=["web", "celery"])
def test_no_vision_library_is_loaded_by_importing(script: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", script],
        check=False,
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.base",
            "GIBUN_VAR_DIR": str(tmp_path),
        },
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    loaded = set(done.stdout.split())
    assert "diary" in loaded
    assert not loaded & HEAVY


def test_import_contracts_hold() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [program, "--no-cache"], check=False, cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
