"""What the worker does with a day: claim it, read the face, write the reading once."""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from dataclasses import asdict
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from diary.models import Entry, EntrySong, Reading
from diary.songs import songs_replace
from diary.storage import photo_forget
from emotion.boxes import FaceBox
from emotion.labels import KEYS
from emotion.predictor import (
    FaceReading,
    ModelUnavailable,
    NoFace,
    PhotoUnreadable,
    PredictorOptions,
    SeveralFaces,
    read_face,
)

logger = logging.getLogger(__name__)

# Messages sent again at once: fewer than would flood a queue that is merely long.
RESEND_AT_MOST = 200


def predictor_options() -> PredictorOptions:
    """Return where the model lies and how it runs, from the settings."""
    yunet = settings.EMOTION_YUNET_PATH
    return PredictorOptions(
        model_dir=Path(settings.EMOTION_MODEL_DIR),
        cache_dir=Path(settings.EMOTION_CACHE_DIR),
        threads=settings.EMOTION_THREADS,
        yunet=Path(yunet) if yunet else None,
        precision=settings.EMOTION_PRECISION,
    )


def entry_claim(*, entry_id: int) -> Entry | None:
    """Make a waiting entry this worker's own for the length of a lease, or return None.

    One conditional UPDATE decides, so that of any number of workers exactly one gets it.
    """
    now = timezone.now()
    claim = uuid.uuid4()
    claimed = (
        Entry.objects.filter(pk=entry_id)
        .filter(Q(state=Entry.State.QUEUED) | Q(state=Entry.State.RUNNING, lease_until__lt=now))
        .update(
            state=Entry.State.RUNNING,
            claim=claim,
            lease_until=now + dt.timedelta(seconds=settings.READING_LEASE_SECONDS),
            attempts=F("attempts") + 1,
        )
    )
    if not claimed:
        return None
    return Entry.objects.select_related("owner").filter(pk=entry_id, claim=claim).first()


def entry_read(*, entry_id: int) -> None:
    """Read one entry's photograph; safe to run twice, safe to be killed anywhere."""
    entry = entry_claim(entry_id=entry_id)
    if entry is None:
        logger.info("entry %s: nothing to do", entry_id)
        return
    if not entry.owner.consents_to_faces:
        # Withdrawn while it waited.
        _finish(entry, Entry.State.READY)
        return
    if entry.attempts > settings.READING_ATTEMPTS:
        # Its photograph stops every worker that tries: no more of them shall try.
        _finish(entry, Entry.State.FAILED, failure_code="gave_up")
        return
    try:
        with entry.photo.open("rb") as file:
            photo = file.read()
        given = FaceBox(**entry.given_box) if entry.given_box else None
        reading = read_face(photo, options=predictor_options(), box=given)
    except NoFace:
        _finish(entry, Entry.State.NO_FACE)
    except SeveralFaces as error:
        _finish(entry, Entry.State.SEVERAL_FACES, faces=error.boxes)
    except FileNotFoundError:
        _finish(entry, Entry.State.FAILED, failure_code="photo_missing")
    except PhotoUnreadable:
        _finish(entry, Entry.State.FAILED, failure_code="photo_unreadable")
    except ModelUnavailable as error:
        logger.error("entry %s: the model is not available: %s", entry_id, error)
        _finish(entry, Entry.State.FAILED, failure_code="model_unavailable")
    except OSError as error:
        logger.warning("entry %s: the storage did not answer: %s", entry_id, error)
        _release(entry)
    else:
        _finish(entry, Entry.State.READY, reading=reading)


def entry_give_up(*, entry_id: int, code: str) -> None:
    """Say that the entry could not be read, whoever holds it."""
    Entry.objects.filter(pk=entry_id, state=Entry.State.RUNNING).update(
        state=Entry.State.FAILED, failure_code=code, claim=None, lease_until=None
    )


def sweep() -> int:
    """Send again what waits too long or lost its worker, and pieces not made; return how many."""
    from diary.tasks import compose_piece, read_entry, send

    now = timezone.now()
    resend_after = dt.timedelta(seconds=settings.RESEND_SECONDS)
    waiting = Entry.objects.filter(
        Q(state=Entry.State.QUEUED, queued_at__lt=now - resend_after)
        | Q(state=Entry.State.RUNNING, lease_until__lt=now)
    )
    entry_ids = list(waiting.order_by("queued_at").values_list("pk", flat=True)[:RESEND_AT_MOST])
    Entry.objects.filter(pk__in=entry_ids).update(queued_at=now)
    for entry_id in entry_ids:
        send(read_entry, entry_id)
    unmade = EntrySong.objects.filter(
        kind=EntrySong.Kind.PIECE, audio="", queued_at__lt=now - resend_after
    )
    song_ids = list(unmade.order_by("queued_at").values_list("pk", flat=True)[:RESEND_AT_MOST])
    EntrySong.objects.filter(pk__in=song_ids).update(queued_at=now)
    for song_id in song_ids:
        send(compose_piece, song_id)
    return len(entry_ids) + len(song_ids)


def _release(entry: Entry) -> None:
    Entry.objects.filter(pk=entry.pk, claim=entry.claim).update(
        state=Entry.State.QUEUED, claim=None, lease_until=None, queued_at=timezone.now()
    )


def _finish(
    entry: Entry,
    state: str,
    *,
    reading: FaceReading | None = None,
    faces: tuple[FaceBox, ...] = (),
    failure_code: str = "",
) -> None:
    """Write the outcome if the claim still holds; a photograph replaced meanwhile wins."""
    with transaction.atomic():
        held = Entry.objects.filter(
            pk=entry.pk, state=Entry.State.RUNNING, claim=entry.claim
        ).update(
            state=state,
            failure_code=failure_code,
            found_faces=[_rounded(box) for box in faces],
            claim=None,
            lease_until=None,
            updated_at=timezone.now(),
        )
        if not held:
            logger.info("entry %s: claim lost, result left", entry.pk)
            return
        if reading:
            _reading_write(entry, reading)
        # The note, or the person's own word, may have changed while the face was read.
        fresh = Entry.objects.select_related("reading", "owner").get(pk=entry.pk)
        songs_replace(entry=fresh)
        if reading and fresh.owner.delete_photos:
            photo_forget(entry=fresh)
    logger.info("entry %s: %s", entry.pk, state)


def _reading_write(entry: Entry, reading: FaceReading) -> None:
    box = reading.box
    Reading.objects.update_or_create(
        entry=entry,
        defaults={
            **dict(zip(KEYS, reading.probabilities, strict=True)),
            "dominant": reading.dominant,
            "box_x": box.x,
            "box_y": box.y,
            "box_width": box.width,
            "box_height": box.height,
            "box_source": box.source,
            "model_version": reading.model_version,
            "milliseconds": dict(reading.milliseconds),
        },
    )


def _rounded(box: FaceBox) -> dict[str, int | str]:
    return {
        name: value if isinstance(value, str) else round(value)
        for name, value in asdict(box).items()
    }
