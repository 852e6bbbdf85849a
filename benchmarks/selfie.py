"""From a selfie to `ready`: how long a person waits, and where the time goes.

    python benchmarks/selfie.py --base http://127.0.0.1:8000 [--runs 10]

Needs a running site (`make run`) for what goes over HTTP; the stages run the same code in this
process, on the same GIBUN_VAR_DIR. The photograph is scikit-image's astronaut (public domain), as
it is (512 x 512) and enlarged to the 12 megapixels of a phone.
"""

from __future__ import annotations

import argparse
import io
import os
import platform
import secrets
import statistics
import sys
import time
import uuid
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))


def photographs() -> dict[str, bytes]:
    import skimage.data
    from PIL import Image

    small = Image.fromarray(skimage.data.astronaut())
    large = small.resize((3464, 3464), Image.Resampling.BICUBIC)
    out = {}
    for name, image in (("512 x 512", small), ("12 megapixels", large)):
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=92)
        out[name] = buffer.getvalue()
    return out


def over_http(base: str, photo: bytes, runs: int) -> tuple[list[float], list[float]]:
    """Return seconds until the upload is answered, and until the entry is final."""
    import requests

    api = base.rstrip("/") + "/api/v1"
    person = {"email": f"{uuid.uuid4().hex}@example.com", "password": secrets.token_urlsafe(24)}
    profile = {**person, "timezone": "Asia/Seoul", "language": "ko", "consent_face": True}
    requests.post(f"{api}/accounts/", json=profile, timeout=30).raise_for_status()
    token = requests.post(f"{api}/token/", json=person, timeout=30).json()["token"]
    headers = {"Authorization": f"Bearer {token}"}
    answered, ready = [], []
    for run in range(runs + 1):
        start = time.perf_counter()
        answer = requests.post(
            f"{api}/entries/",
            headers=headers,
            files={"photo": ("selfie.jpg", photo)},
            data={"date": f"2025-01-{run + 1:02d}"},
            timeout=30,
        )
        answer.raise_for_status()
        uploaded = time.perf_counter() - start
        day = answer.json()["date"]
        while True:
            entry = requests.get(f"{api}/entries/{day}/", headers=headers, timeout=30).json()
            if entry["state"] not in ("queued", "running"):
                break
            time.sleep(0.02)
        if entry["state"] != "ready":
            sys.exit(f"the entry became {entry['state']}")
        if run:  # the first one warms up
            answered.append(uploaded)
            ready.append(time.perf_counter() - start)
        # The piece composed for the last run must not share the cores with the next reading.
        while (
            requests.get(
                base.rstrip("/") + entry["songs"][0]["player"]["src"], headers=headers, timeout=30
            ).status_code
            == 503
        ):
            time.sleep(0.2)
    requests.delete(
        f"{api}/accounts/me/", headers=headers, json={"password": person["password"]}, timeout=30
    ).raise_for_status()
    return answered, ready


def in_process(photo: bytes, runs: int) -> dict[str, list[float]]:
    """Return seconds by stage: clean (in the web process), then the worker's stages."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.base")
    import django

    django.setup()
    from django.core.files.uploadedfile import SimpleUploadedFile

    from diary.photos import photo_clean
    from diary.readings import predictor_options
    from emotion.predictor import read_face
    from music.services import choose

    stages: dict[str, list[float]] = {}
    for run in range(runs + 1):
        start = time.perf_counter()
        clean = photo_clean(SimpleUploadedFile("selfie.jpg", photo))
        cleaned = time.perf_counter() - start
        reading = read_face(clean.jpeg, options=predictor_options())
        start = time.perf_counter()
        choose(probabilities=reading.probabilities, seed=str(run))
        chosen = time.perf_counter() - start
        worker = {stage: ms / 1000 for stage, ms in reading.milliseconds.items()}
        for stage, seconds in {"clean": cleaned, **worker, "songs": chosen}.items():
            if run:
                stages.setdefault(stage, []).append(seconds)
    return stages


def row(name: str, seconds: list[float]) -> str:
    least, middle, most = min(seconds), statistics.median(seconds), max(seconds)
    return f"{name:<34}{least * 1000:>9.0f}{middle * 1000:>9.0f}{most * 1000:>9.0f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--base", help="address of a running site")
    parser.add_argument("--runs", type=int, default=10)
    asked = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"{'milliseconds':<34}{'min':>9}{'median':>9}{'max':>9}")
    for name, photo in photographs().items():
        if asked.base:
            answered, ready = over_http(asked.base, photo, asked.runs)
            print(row(f"{name}: upload answered", answered))
            print(row(f"{name}: ready", ready))
        for stage, seconds in in_process(photo, asked.runs).items():
            print(row(f"{name}: {stage}", seconds))


if __name__ == "__main__":
    main()
