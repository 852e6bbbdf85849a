"""Somebody who uses a running site through its API."""

from __future__ import annotations

import datetime as dt
import json
import time
import uuid
from typing import Any
from zoneinfo import ZoneInfo

import requests

from tests.site import Site

SETTLE_SECONDS = 120
WAITING = ("queued", "running")


class Person:
    """Signs up at once; `today` is the day where they live."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.email = f"{uuid.uuid4().hex[:12]}@example.com"
        self.password = "lamp-and-paper-7"
        self.today = dt.datetime.now(ZoneInfo("Asia/Seoul")).date()
        signed_up = requests.post(
            f"{site.url}/api/v1/accounts/",
            json={
                "email": self.email,
                "password": self.password,
                "timezone": "Asia/Seoul",
                "language": "ko",
                "consent_face": True,
            },
            timeout=60,
        )
        assert signed_up.status_code == 201, signed_up.text
        self.headers = {"Authorization": f"Bearer {self.token()}"}

    def token(self) -> str:
        answer = requests.post(
            f"{self.site.url}/api/v1/token/",
            json={"email": self.email, "password": self.password},
            timeout=60,
        )
        assert answer.status_code == 200, answer.text
        return answer.json()["token"]

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        """Call an address of the site; without a leading slash, one of the API."""
        url = path if path.startswith("http") else f"{self.site.url}/api/v1/{path}"
        if path.startswith("/"):
            url = self.site.url + path
        headers = {**self.headers, **options.pop("headers", {})}
        return requests.request(method, url, headers=headers, timeout=60, **options)

    def upload(
        self, photo: bytes, *, day: dt.date | None = None, label: Any = None
    ) -> requests.Response:
        files = {"photo": ("selfie.jpg", photo)}
        if label is not None:
            files["annotation"] = ("label.json", json.dumps(label).encode())
        data = {"date": (day or self.today).isoformat()}
        return self.call("POST", "entries/", files=files, data=data)

    def entry(self, day: dt.date | None = None) -> dict[str, Any]:
        answer = self.call("GET", f"entries/{day or self.today}/")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def settled(self, day: dt.date | None = None) -> dict[str, Any]:
        """Return the entry once its reading has ended."""
        end = time.monotonic() + SETTLE_SECONDS
        while (entry := self.entry(day))["state"] in WAITING:
            assert time.monotonic() < end, f"still {entry['state']}\n{self.site.logs()}"
            time.sleep(0.2)
        return entry

    def piece(self, entry: dict[str, Any], **headers: str) -> requests.Response:
        """Return the day's own piece once it has been composed."""
        (song,) = [song for song in entry["songs"] if song["player"]["kind"] == "audio"]
        end = time.monotonic() + SETTLE_SECONDS
        while True:
            answer = self.call("GET", song["player"]["src"], headers=headers)
            if answer.status_code not in (202, 503):
                return answer
            assert answer.headers["Retry-After"]
            assert time.monotonic() < end, f"no piece\n{self.site.logs()}"
            time.sleep(0.5)
