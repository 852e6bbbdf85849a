"""A person at a browser: what they do again and again, and what their pages may not do."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Error,
    Locator,
    Request,
    Response,
    WebError,
    expect,
)

from tests.journey.person import Person
from tests.site import Site

PASSWORD = "lamp-and-paper-7"
# From a photograph that is on its way to a mood on the page.
READ_MS = 120_000


class Visit:
    """A window of one person; what its pages ask for and complain about is kept."""

    def __init__(
        self, browser: Browser, site: Site, size: tuple[int, int], options: dict[str, Any]
    ) -> None:
        self.site = site
        settings = {"locale": "ko-KR", "timezone_id": "Asia/Seoul", **options}
        self._context = browser.new_context(
            base_url=site.url, viewport={"width": size[0], "height": size[1]}, **settings
        )
        self._context.set_default_timeout(30_000)
        self.complaints: list[str] = []
        self._allowed: list[tuple[int, str]] = [(503, "/pieces/")]
        self._hosts = [site.url]
        self._context.on("request", self._on_request)
        self._context.on("response", self._on_response)
        self._context.on("console", self._on_console)
        self._context.on("weberror", self._on_error)
        self.page = self._context.new_page()

    def allow(self, status: int, address: str) -> None:
        """Let an answer with this status pass where `address` is in its URL."""
        self._allowed.append((status, address))

    def allow_host(self, url: str) -> None:
        self._hosts.append(url)

    def close(self) -> None:
        self._context.close()

    def assert_clean(self) -> None:
        """No other host was asked, nothing failed, and no script complained."""
        assert not self.complaints, "\n".join(self.complaints)

    # --- what a person does -------------------------------------------------------------------

    def sign_up(self, email: str, *, consent: bool) -> None:
        """Fill in the sign-up page that is open, in either language."""
        self.page.locator("[name=email]").fill(email)
        self.page.locator("[name=password1]").fill(PASSWORD)
        self.page.locator("[name=consent_face]").set_checked(consent)
        self.page.locator("main form button").click()
        self.page.wait_for_url("**/today/")

    def sign_in(self, person: Person) -> None:
        self.page.goto("/accounts/login/")
        self.page.locator("[name=login]").fill(person.email)
        self.page.locator("[name=password]").fill(person.password)
        self.page.locator("main form button").click()
        self.page.wait_for_url("**/today/")

    def go_to_day(self, date: dt.date) -> None:
        self.page.goto(f"/day/{date}/")

    def choose_photo(self, photo: bytes, name: str = "selfie.jpg") -> None:
        """Choose a file and wait until the page offers to send it."""
        file = {"name": name, "mimeType": "image/jpeg", "buffer": photo}
        self.page.locator("#photo").set_input_files(file)  # type: ignore[arg-type]
        expect(self.keep).to_be_visible()

    @property
    def keep(self) -> Locator:
        return self.page.locator("[data-keep]")

    @property
    def strokes(self) -> Locator:
        """The six probabilities of the day."""
        return self.page.locator("#card .strokes li")

    @property
    def tickets(self) -> Locator:
        return self.page.locator("#card .ticket")

    def until_read(self) -> None:
        expect(self.strokes).to_have_count(6, timeout=READ_MS)

    def percents(self) -> list[int]:
        """Return the six shares as they are written; "< 1 %" counts as none."""
        shares = self.strokes.locator(".figure").all_inner_texts()
        return [0 if "<" in share else int(share.removesuffix("%")) for share in shares]

    def say_by_hand(self, mood: str) -> None:
        """Choose a mood by its name and keep it."""
        form = self.page.locator(".by-hand").filter(visible=True).first
        form.locator("label").filter(has_text=re.compile(rf"^\s*{mood}\s*$")).click()
        form.locator("button").click()

    def entry(self, date: dt.date | None = None) -> dict[str, Any]:
        """Return what the API says about a day, asked with this window's cookies."""
        day = date or self.shown_date()
        answer = self._context.request.get(f"/api/v1/entries/{day}/")
        assert answer.ok, answer.text()
        return answer.json()

    def shown_date(self) -> dt.date:
        stamp = self.page.locator(".day-head time").get_attribute("datetime")
        return dt.date.fromisoformat(str(stamp))

    def overflow(self) -> int:
        """Return by how many pixels the page is wider than the window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - innerWidth"))

    # --- what its pages do --------------------------------------------------------------------

    def _on_request(self, request: Request) -> None:
        if not request.url.startswith((*self._hosts, "data:", "blob:")):
            self.complaints.append(f"asks another host: {request.url}")

    def _on_response(self, response: Response) -> None:
        if response.status < 400:
            return
        if not any(
            response.status == code and part in response.url for code, part in self._allowed
        ):
            self.complaints.append(f"{response.status} {response.request.method} {response.url}")

    def _on_console(self, message: ConsoleMessage) -> None:
        # Answers with an error are judged by their status, above.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.complaints.append(f"console: {message.text}")

    def _on_error(self, error: WebError) -> None:
        said: Error = error.error
        self.complaints.append(f"script: {said}")
