"""Make the documentation's pictures anew, from a running site.

    python scripts/screenshots.py --base http://127.0.0.1:8000

Signs up a person with invented days and the selfie of scikit-image's astronaut (NASA, public
domain), takes pictures of the pages with Chromium, and erases the person again.
"""

from __future__ import annotations

import argparse
import datetime as dt
import io
import itertools
import os
import shutil
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import requests
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from skimage import data

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"
MOST_BYTES = 250_000
READ_SECONDS = 180
WIDE, PHONE = (1440, 900), (390, 844)
ZONE = "Asia/Seoul"
MOODS = {
    "h": "happy",
    "a": "anger",
    "s": "sad",
    "x": "anxiety",
    "n": "neutral",
    "p": "panic",
}
# A letter is a day, from yesterday back; a dot is a day that was left empty.
LATELY = "nhhn.snhnahhxn.hspnhnh.hsnhn"
# Before that, every second day or so.
BEFORE = "nshnxnsnahsxnsanxsnphnshnnx"
NOTES = {
    "h": (
        "퇴근길에 노을이 예뻐서 한 정거장 먼저 내렸다.",
        "민지가 복숭아를 한 상자 보내 줬다.",
        "드디어 자전거를 고쳤다. 강까지 한 번에 달렸다.",
        "엄마랑 통화하다가 한참 웃었다.",
        "아침에 창문을 여니 공기가 달랐다.",
    ),
    "a": ("또 회의가 한 시간 늦어졌다.", "윗집이 새벽까지 가구를 옮겼다."),
    "s": ("비. 하루 종일 창밖만 봤다.", "할머니 목소리가 듣고 싶은 날."),
    "x": ("내일이 발표라 잠이 오지 않는다.", "병원 결과를 기다리는 중."),
    "n": (
        "빨래하고, 책 조금 읽고, 일찍 누웠다.",
        "별일 없는 하루. 국수가 맛있었다.",
        "도서관에서 졸았다.",
        "화분에 물을 주고 나갔다.",
    ),
    "p": ("버스를 반대로 탔다. 두 번이나.",),
}
TODAY_NOTE = "드디어 그날. 우주복은 생각보다 무겁고, 나는 생각보다 떨지 않았다."


class Person:
    """The invented person, over the API."""

    def __init__(self, base: str) -> None:
        self.base, self.password = base, uuid.uuid4().hex
        self.email = f"{uuid.uuid4().hex[:12]}@example.com"
        self.today = dt.datetime.now(ZoneInfo(ZONE)).date()
        self._headers: dict[str, str] = {}
        account = {"email": self.email, "password": self.password, "consent_face": True}
        self.call("POST", "accounts/", json={**account, "timezone": ZONE, "language": "ko"})
        token = self.call("POST", "token/", json=account).json()["token"]
        self._headers = {"Authorization": f"Bearer {token}"}

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        url = f"{self.base}/api/v1/{path}"
        answer = requests.request(method, url, headers=self._headers, timeout=60, **options)
        if not answer.ok:
            sys.exit(f"{method} {path} answered {answer.status_code}: {answer.text[:300]}")
        return answer

    def take_selfie(self, note: str) -> None:
        photo = io.BytesIO()
        Image.fromarray(data.astronaut()).save(photo, "JPEG", quality=92)
        files = {"photo": ("selfie.jpg", photo.getvalue())}
        self.call("POST", "entries/", files=files, data={"note": note})
        end = time.monotonic() + READ_SECONDS
        while (state := self.call("GET", f"entries/{self.today}/").json()["state"]) != "ready":
            if time.monotonic() > end or state not in ("queued", "running"):
                sys.exit(f"the selfie is {state}; does the worker run?")
            time.sleep(0.5)

    def write(self, date: dt.date, mood: str, note: str) -> None:
        self.call("PATCH", f"entries/{date}/", json={"own_mood": mood, "note": note})


def main() -> int:
    parser = argparse.ArgumentParser(description="Make the documentation's pictures anew.")
    parser.add_argument("--base", default="http://127.0.0.1:8000", help="a running site")
    parser.add_argument("--out", type=Path, default=IMAGES)
    options = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        sys.exit("Chromium is missing: apt-get install chromium chromium-l10n fonts-nanum")
    options.out.mkdir(parents=True, exist_ok=True)
    person = Person(options.base.rstrip("/"))
    try:
        person.take_selfie(TODAY_NOTE)
        for date, mood, note in days(person.today):
            person.write(date, mood, note)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=chromium,
                args=["--no-sandbox", "--disable-background-networking"],
                # The browser's own words, in the fields for months, follow its environment.
                env={**os.environ, "LANGUAGE": "ko"},
            )
            pictures_take(browser, person, options.out)
            browser.close()
    finally:
        person.call("DELETE", "accounts/me/", json={"password": person.password})
    return 0


def days(today: dt.date) -> Iterator[tuple[dt.date, str, str]]:
    """Return the invented days, the latest first, with mood and note; every other one has none."""
    notes = {letter: itertools.cycle(notes) for letter, notes in NOTES.items()}
    date = today
    for number, letter in enumerate(LATELY + BEFORE):
        date -= dt.timedelta(days=1 if number < len(LATELY) else 2 + number % 2)
        if letter in MOODS:
            yield date, MOODS[letter], next(notes[letter]) if number % 2 else ""


def pictures_take(browser: Browser, person: Person, out: Path) -> None:
    # Early in a month there is little to see of it.
    month = person.today if person.today.day >= 15 else person.today.replace(day=1)
    if month.day == 1:
        month -= dt.timedelta(days=1)
    month_page = f"/month/{month:%Y/%m}/"
    for size, scheme, suffix in ((WIDE, "light", "wide"), (PHONE, "light", "phone")):
        context = context_open(browser, person, size, scheme)
        picture_take(context, "/", out / f"home-{suffix}.png")
        sign_in(context, person)
        picture_take(context, "/today/", out / f"day-{suffix}.png")
        picture_take(context, month_page, out / f"month-{suffix}.png")
        if size == WIDE:
            picture_take(context, "/trends/", out / f"trends-{suffix}.png")
        context.close()
    context = context_open(browser, person, WIDE, "dark")
    sign_in(context, person)
    picture_take(context, month_page, out / "month-lamp.png")
    picture_take(context, "/trends/", out / "trends-lamp.png")
    context.close()


def context_open(
    browser: Browser, person: Person, size: tuple[int, int], scheme: Any
) -> BrowserContext:
    return browser.new_context(
        base_url=person.base,
        viewport={"width": size[0], "height": size[1]},
        # A phone's narrow picture is shown enlarged.
        device_scale_factor=2 if size == PHONE else 1,
        color_scheme=scheme,
        # Animations stand at their end.
        reduced_motion="reduce",
        locale="ko-KR",
        timezone_id=ZONE,
    )


def sign_in(context: BrowserContext, person: Person) -> None:
    page = context.new_page()
    page.goto("/accounts/login/")
    page.locator("[name=login]").fill(person.email)
    page.locator("[name=password]").fill(person.password)
    page.locator("main form button").click()
    page.wait_for_url("**/today/")
    page.close()


def picture_take(context: BrowserContext, address: str, path: Path) -> None:
    page = context.new_page()
    page.goto(address, wait_until="networkidle")
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(500)
    path.write_bytes(png_small(page.screenshot()))
    page.close()
    print(f"{path}: {path.stat().st_size // 1000} kB", flush=True)  # noqa: T201 (progress)


def png_small(png: bytes) -> bytes:
    """Return the picture with as many colours as `MOST_BYTES` allow."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    for colours in (256, 160, 96, 64, 32):
        written = io.BytesIO()
        # Without the second pass, colours of few pixels are merged: the cloud loses its violet.
        few = picture.quantize(colours, kmeans=colours, dither=Image.Dither.NONE)
        few.save(written, "PNG", optimize=True)
        if written.tell() <= MOST_BYTES:
            break
    return written.getvalue()


if __name__ == "__main__":
    sys.exit(main())
