"""How long the pages of a full book take on the server: ten years, every day of them written.

    python benchmarks/book.py [--years 10] [--runs 15]

Makes a person with that many days (readings, own words, notes, tags, songs) in a database of its
own, asks for each page in this process, and says the median and the worst of the runs in ms, the
median of this process's computing (which hardly changes on a busy machine), the queries and the
size. DATABASE_URL names another database than a new SQLite file; the person is removed from it.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import random
import statistics
import sys
import time
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.test import Client

    from accounts.models import User

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
TAGS = ("산책", "친구", "회사", "비", "달리기", "책", "가족", "병원", "여행", "영화")
NOTES = (
    "아침에 일찍 일어나 바닷가를 걸었다. 바람이 찼지만 기분은 맑았다.",
    "회의가 길었다. 저녁에는 아무것도 하지 않고 누워 있었다.",
    "비가 와서 책을 읽었다. 창밖의 소리가 좋았다.",
    "",
)


def book_write(years: int) -> User:
    """Fill a book up to yesterday, with two days in three read by machine."""
    from accounts.models import User
    from diary.models import Entry, EntrySong, Reading, Tag
    from emotion.labels import KEYS
    from music.models import Track

    rng = random.Random(4)  # the same book at every run
    owner = User.objects.create(email=f"{uuid.uuid4().hex}@example.com")
    today = owner.today()
    entries = Entry.objects.bulk_create(
        Entry(
            owner=owner,
            date=today - dt.timedelta(days=back + 1),
            note=rng.choice(NOTES),
            own_mood="" if back % 3 else rng.choice(KEYS),
            photo="photos/ab/none.jpg" if back % 3 else "",
        )
        for back in range(round(365 * years))
    )
    readings = []
    for entry in entries:
        if entry.photo:
            numbers = [rng.random() for _ in KEYS]
            shares = [number / sum(numbers) for number in numbers]
            read = dict(zip(KEYS, shares, strict=True))
            readings.append(
                Reading(
                    entry=entry,
                    dominant=max(read, key=lambda key: read[key]),
                    model_version="benchmark",
                    **dict.fromkeys(("box_x", "box_y", "box_width", "box_height"), 1.0),
                    box_source="opencv",
                    **read,
                )
            )
    Reading.objects.bulk_create(readings)
    tags = Tag.objects.bulk_create(Tag(owner=owner, name=name, key=name) for name in TAGS)
    hung = Entry.tags.through
    hung.objects.bulk_create(
        hung(entry_id=entry.pk, tag_id=tag.pk) for entry in entries for tag in rng.sample(tags, 2)
    )
    tracks = list(Track.objects.all())
    EntrySong.objects.bulk_create(
        EntrySong(
            entry=entry, position=n, kind="track", track=track, probabilities=[1, 0, 0, 0, 0, 0]
        )
        for entry in entries
        for n, track in enumerate(rng.sample(tracks, 3), start=1)
    )
    return owner


def measure(client: Client, path: str, runs: int) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        size = len(client.get(path).content)
    # Counted now: the next request empties the log.
    asked = len(queries)
    times, computing = [], []
    for _ in range(runs):
        start, begun = time.perf_counter(), time.process_time()
        answer = client.get(path)
        times.append((time.perf_counter() - start) * 1000)
        computing.append((time.process_time() - begun) * 1000)
        if answer.status_code != 200:
            sys.exit(f"{path} answered {answer.status_code}")
    print(
        f"{path:<44} {statistics.median(times):7.1f} ms  worst {max(times):7.1f} ms  "
        f"processor {statistics.median(computing):6.1f} ms  "
        f"{asked:2d} queries  {size / 1024:6.1f} KB"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--years", type=float, default=10)
    parser.add_argument("--runs", type=int, default=15)
    options = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    from music.catalogue import CATALOGUE, songs_load, songs_read

    call_command("migrate", verbosity=0)
    songs_load(songs=songs_read(CATALOGUE))
    owner = book_write(options.years)
    try:
        client = Client()
        client.force_login(owner)
        year, month = owner.today().year - 1, f"{owner.today().year - 1}/05"
        print(f"{owner.entries.count()} days on {connection.vendor}")
        for path in (
            f"/month/{month}/",
            f"/month/{month}/?photos=1",
            f"/year/{year}/",
            f"/day/{year}-05-10/",
            "/search/?q=바닷가",
            "/search/?q=없는 말",
            f"/trends/?from={year}-01&to={year}-12",
            f"/trends/?from={year - 8}-01&to={year}-12",
        ):
            measure(client, path, options.runs)
    finally:
        owner.delete()


if __name__ == "__main__":
    main()
