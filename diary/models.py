"""The book: a day, what a machine read in its photograph, and its songs."""

from __future__ import annotations

import secrets
import uuid
from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from diary.moods import STRENGTHS, own_probabilities
from emotion.boxes import BOX_SOURCES, FaceBox
from emotion.labels import KEYS, MOODS, expected

MOOD_CHOICES = [(mood.key, mood.korean) for mood in MOODS]


def photo_key(_entry: Entry, _name: str) -> str:
    """Return a name that tells nothing and cannot be guessed; the sender's name is not used."""
    return f"photos/{secrets.token_hex(2)}/{secrets.token_hex(16)}.jpg"


def small_key(_entry: Entry, _name: str) -> str:
    return f"photos/{secrets.token_hex(2)}/{secrets.token_hex(16)}.webp"


def piece_key(_song: EntrySong, _name: str) -> str:
    return f"pieces/{secrets.token_hex(2)}/{secrets.token_hex(16)}.mp3"


class Tag(models.Model):
    """A word that a person hangs on days, written as they wrote it first."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="tags"
    )
    name = models.CharField(max_length=40)
    # The name as `diary.tags.tag_key` folds it: databases disagree on case beyond ASCII.
    key = models.CharField(max_length=120)

    class Meta:
        ordering = ["key"]
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="tag_one_per_name")]
        verbose_name = _("태그")

    def __str__(self) -> str:
        return f"tag {self.pk}"


class Entry(models.Model):
    """One person's day.

    States: queued -> running -> ready, or no_face, several_faces, failed. A running entry whose
    lease has run out may be claimed again. A new photograph or a box by hand makes it queued.
    A day with no photograph to read is ready at once.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("차례를 기다려요")
        RUNNING = "running", _("읽고 있어요")
        READY = "ready", _("다 읽었어요")
        NO_FACE = "no_face", _("얼굴을 찾지 못했어요")
        SEVERAL_FACES = "several_faces", _("얼굴이 여럿이에요")
        FAILED = "failed", _("읽지 못했어요")

    WAITING = (State.QUEUED, State.RUNNING)

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="entries"
    )
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    date = models.DateField()
    state = models.CharField(max_length=16, choices=State, default=State.READY)
    failure_code = models.CharField(max_length=32, blank=True)
    note = models.TextField(blank=True, max_length=10_000)
    own_mood = models.CharField(max_length=8, blank=True, choices=MOOD_CHOICES)
    own_strength = models.PositiveSmallIntegerField(null=True, blank=True, choices=STRENGTHS)
    tags = models.ManyToManyField(Tag, blank=True, related_name="entries")
    photo = models.FileField(upload_to=photo_key, blank=True, max_length=80)
    # The same photograph with a long side of 320; an older entry gets its own when it is shown.
    photo_small = models.FileField(upload_to=small_key, blank=True, max_length=80)
    photo_width = models.PositiveIntegerField(null=True, blank=True)
    photo_height = models.PositiveIntegerField(null=True, blank=True)
    # A box that came with the photograph or was drawn by hand: the detector is not asked.
    given_box = models.JSONField(null=True, blank=True)
    # Where several faces were found: the boxes among which the person chooses theirs.
    found_faces = models.JSONField(default=list, blank=True)
    # Who works on it: a claim is a random number that its worker alone knows.
    claim = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    queued_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-date"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "date"], name="entry_one_per_day"),
            models.CheckConstraint(
                condition=Q(own_mood__in=["", *KEYS]), name="entry_own_mood_known"
            ),
            models.CheckConstraint(
                condition=Q(own_strength__isnull=True)
                | (Q(own_strength__in=[1, 2, 3]) & ~Q(own_mood="")),
                name="entry_strength_with_mood",
            ),
            models.CheckConstraint(
                condition=Q(state="running", claim__isnull=False, lease_until__isnull=False)
                | (~Q(state="running") & Q(claim__isnull=True)),
                name="entry_claimed_when_running",
            ),
        ]
        indexes = [
            models.Index(
                fields=["state", "queued_at"],
                name="entry_waiting",
                condition=Q(state__in=["queued", "running"]),
            )
        ]
        verbose_name = _("하루")

    def __str__(self) -> str:
        return f"entry {self.pk}"

    @property
    def photo_url(self) -> str:
        """Where its owner fetches the photograph; another photograph has another address."""
        return self._photo_address("photo")

    @property
    def photo_small_url(self) -> str:
        """Where its owner fetches the small one, made or not."""
        return self._photo_address("photo_small")

    @property
    def photo_names(self) -> list[str | None]:
        """The files that go when the photograph goes."""
        return [self.photo.name, self.photo_small.name]

    def _photo_address(self, name: str) -> str:
        if not self.photo:
            return ""
        return f"{reverse(name, args=[self.public_id])}?v={Path(str(self.photo.name)).stem[:8]}"

    @property
    def is_waiting(self) -> bool:
        return self.state in self.WAITING

    @property
    def probabilities(self) -> tuple[float, ...] | None:
        """The six numbers that the day counts with: the person's word before the machine's."""
        if self.own_mood:
            return own_probabilities(self.own_mood, self.own_strength)
        reading = self.reading_or_none
        return reading.probabilities if reading else None

    @property
    def mood(self) -> str:
        """The day's mood, or "" where nobody has said one."""
        reading = self.reading_or_none
        return self.own_mood or (reading.dominant if reading else "")

    @property
    def reading_or_none(self) -> Reading | None:
        return getattr(self, "reading", None)


REST = F("anger") + F("sad") + F("anxiety") + F("neutral") + F("panic")


class Reading(models.Model):
    """What the machine read: six probabilities, the face that it looked at, the model it was."""

    entry = models.OneToOneField(Entry, on_delete=models.CASCADE, related_name="reading")
    happy = models.FloatField()
    anger = models.FloatField()
    sad = models.FloatField()
    anxiety = models.FloatField()
    neutral = models.FloatField()
    panic = models.FloatField()
    dominant = models.CharField(max_length=8, choices=MOOD_CHOICES)
    box_x = models.FloatField()
    box_y = models.FloatField()
    box_width = models.FloatField()
    box_height = models.FloatField()
    box_source = models.CharField(max_length=10, choices=[(s, s) for s in BOX_SOURCES])
    model_version = models.CharField(max_length=64)
    milliseconds = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(*[(f"{key}__gte", 0.0) for key in KEYS]),
                name="reading_not_negative",
            ),
            models.CheckConstraint(condition=Q(dominant__in=KEYS), name="reading_dominant_known"),
            models.CheckConstraint(
                condition=Q(happy__lt=1.0001 - REST) & Q(happy__gt=0.9999 - REST),
                name="reading_sums_to_one",
            ),
        ]
        verbose_name = _("읽은 기분")

    def __str__(self) -> str:
        return f"reading of entry {self.entry_id}"

    @property
    def probabilities(self) -> tuple[float, ...]:
        return tuple(getattr(self, key) for key in KEYS)

    @property
    def valence(self) -> float:
        return expected(self.probabilities, "valence")

    @property
    def arousal(self) -> float:
        return expected(self.probabilities, "arousal")

    @property
    def box(self) -> FaceBox:
        return FaceBox(
            self.box_x,
            self.box_y,
            self.box_width,
            self.box_height,
            self.box_source,  # type: ignore[arg-type]
        )


class EntrySong(models.Model):
    """One song of a day: a track of the catalogue, or the piece composed from the day itself."""

    class Kind(models.TextChoices):
        TRACK = "track", _("노래")
        PIECE = "piece", _("오늘의 곡")

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="songs")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=Kind)
    track = models.ForeignKey(
        "music.Track", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # The six numbers that this song was chosen or is composed for.
    probabilities = models.JSONField()
    audio = models.FileField(upload_to=piece_key, blank=True, max_length=80)
    seconds = models.FloatField(null=True, blank=True)
    # When it was last sent to be composed.
    queued_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "position"], name="song_one_per_position"),
            models.CheckConstraint(
                condition=Q(kind="track", track__isnull=False)
                | Q(kind="piece", track__isnull=True),
                name="song_track_or_piece",
            ),
        ]
        verbose_name = _("하루의 노래")

    def __str__(self) -> str:
        return f"song {self.position} of entry {self.entry_id}"
