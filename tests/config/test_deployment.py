"""The Procfile and docker-compose.yml name the same processes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from honcho.environ import parse_procfile

ROOT = Path(__file__).resolve().parents[2]
PROCESSES = {"web", "worker", "composer", "beat"}


def compose() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]


def test_procfile_has_every_process() -> None:
    assert set(parse_procfile((ROOT / "Procfile").read_text()).processes) == PROCESSES


def test_compose_runs_each_process_of_the_procfile() -> None:
    services = compose()
    assert set(services) == PROCESSES | {"prepare", "postgres", "redis"}
    for name in PROCESSES:
        assert services[name]["command"][-1] == name
        needed = services[name]["depends_on"]["prepare"]["condition"]
        assert needed == "service_completed_successfully"


def test_example_environment_names_what_production_requires() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    named = {line.partition("=")[0] for line in lines if line and not line.startswith("#")}
    required = {"SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "CELERY_BROKER_URL"}
    assert required | {"POSTGRES_PASSWORD"} <= named
