"""What programs send and get; the contract of `/api/v1/`."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from diary.models import MOOD_CHOICES, Entry, Reading
from diary.moods import STRENGTHS
from diary.search import excerpt
from diary.services import NOTE_LENGTH
from diary.songs import SongCard, song_cards
from diary.tags import TAG_LENGTH, TAGS_PER_DAY
from diary.trends import Mix, MonthTrend, TagTrend
from emotion.boxes import BOX_SOURCES
from emotion.labels import KEYS


class ProbabilitiesSerializer(serializers.Serializer[Any]):
    """Six numbers that sum to 1, in this order."""

    happy = serializers.FloatField(min_value=0, max_value=1)
    anger = serializers.FloatField(min_value=0, max_value=1)
    sad = serializers.FloatField(min_value=0, max_value=1)
    anxiety = serializers.FloatField(min_value=0, max_value=1)
    neutral = serializers.FloatField(min_value=0, max_value=1)
    panic = serializers.FloatField(min_value=0, max_value=1)


class FaceBoxInputSerializer(serializers.Serializer[Any]):
    """A face, in pixels of the stored, upright photograph."""

    x = serializers.FloatField()
    y = serializers.FloatField()
    width = serializers.FloatField(min_value=1)
    height = serializers.FloatField(min_value=1)


class FaceBoxSerializer(FaceBoxInputSerializer):
    source = serializers.ChoiceField(choices=BOX_SOURCES)  # type: ignore[assignment]


class ReadingSerializer(serializers.ModelSerializer[Reading]):
    probabilities = serializers.SerializerMethodField()
    valence = serializers.FloatField(read_only=True)
    arousal = serializers.FloatField(read_only=True)
    box = FaceBoxSerializer(read_only=True)

    class Meta:
        model = Reading
        fields = ("dominant", "probabilities", "valence", "arousal", "model_version", "box")

    @extend_schema_field(ProbabilitiesSerializer)
    def get_probabilities(self, reading: Reading) -> dict[str, float]:
        return dict(zip(KEYS, reading.probabilities, strict=True))


class PlayerSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=("audio", "spotify", "search"))
    src = serializers.CharField()


class SongSerializer(serializers.Serializer[Any]):
    title = serializers.CharField()
    artist = serializers.CharField()
    reason = serializers.CharField()
    player = serializers.SerializerMethodField()

    @extend_schema_field(PlayerSerializer)
    def get_player(self, card: SongCard) -> dict[str, str]:
        return {"kind": card.player_kind, "src": card.src}


class EntrySerializer(serializers.ModelSerializer[Entry]):
    photo_url = serializers.SerializerMethodField()
    photo_small = serializers.SerializerMethodField()
    reading = ReadingSerializer(source="reading_or_none", allow_null=True, read_only=True)
    found_faces = FaceBoxSerializer(many=True, read_only=True)
    tags = serializers.SerializerMethodField()
    songs = serializers.SerializerMethodField()

    class Meta:
        model = Entry
        fields = (
            "date",
            "state",
            "failure_code",
            "note",
            "own_mood",
            "own_strength",
            "tags",
            "photo_url",
            "photo_small",
            "found_faces",
            "reading",
            "songs",
        )

    @extend_schema_field(serializers.URLField(allow_null=True))
    def get_photo_url(self, entry: Entry) -> str | None:
        return self._absolute(entry.photo_url)

    @extend_schema_field(serializers.URLField(allow_null=True))
    def get_photo_small(self, entry: Entry) -> str | None:
        return self._absolute(entry.photo_small_url)

    def _absolute(self, address: str) -> str | None:
        return self.context["request"].build_absolute_uri(address) if address else None

    def get_tags(self, entry: Entry) -> list[str]:
        return [tag.name for tag in entry.tags.all()]

    @extend_schema_field(SongSerializer(many=True))
    def get_songs(self, entry: Entry) -> Any:
        return SongSerializer(song_cards(entry), many=True).data


class EntryUploadSerializer(serializers.Serializer[Any]):
    photo = serializers.FileField(
        allow_empty_file=True,
        error_messages={"required": _("사진이 없어요. 사진을 골라 주세요.")},
    )
    date = serializers.DateField(required=False)
    note = serializers.CharField(required=False, allow_blank=True, max_length=NOTE_LENGTH)
    annotation = serializers.FileField(required=False, allow_empty_file=True)


class EntryPatchSerializer(serializers.Serializer[Any]):
    note = serializers.CharField(required=False, allow_blank=True, max_length=NOTE_LENGTH)
    own_mood = serializers.ChoiceField(required=False, choices=MOOD_CHOICES, allow_blank=True)
    own_strength = serializers.ChoiceField(required=False, choices=STRENGTHS, allow_null=True)
    tags = serializers.ListField(
        required=False,
        child=serializers.CharField(max_length=TAG_LENGTH),
        max_length=TAGS_PER_DAY,
    )
    face_box = FaceBoxInputSerializer(required=False)


class CalendarDaySerializer(serializers.Serializer[Any]):
    """A day as one square, from an Entry or a DayMood."""

    date = serializers.DateField()
    state = serializers.ChoiceField(choices=Entry.State.choices)
    mood = serializers.ChoiceField(choices=MOOD_CHOICES, allow_null=True)

    def to_representation(self, day: Any) -> dict[str, Any]:
        return {**super().to_representation(day), "mood": day.mood or None}


class CalendarSerializer(serializers.Serializer[Any]):
    days = CalendarDaySerializer(many=True)


class SearchHitSerializer(CalendarDaySerializer):
    """A day that was found; the excerpt is the part of its note that says why."""

    excerpt = serializers.SerializerMethodField()
    tags = serializers.SerializerMethodField()

    def get_excerpt(self, entry: Entry) -> str:
        return excerpt(entry.note, self.context["words"])

    def get_tags(self, entry: Entry) -> list[str]:
        return [tag.name for tag in entry.tags.all()]


class SearchSerializer(serializers.Serializer[Any]):
    count = serializers.IntegerField()
    page = serializers.IntegerField()
    pages = serializers.IntegerField()
    days = SearchHitSerializer(many=True)


class StreakSerializer(serializers.Serializer[Any]):
    """Days in a row up to today or yesterday, the longest such run, and all days together."""

    current = serializers.IntegerField()
    longest = serializers.IntegerField()
    total = serializers.IntegerField()


class MixSerializer(serializers.Serializer[Any]):
    """Days together and the means of their numbers; spread is a standard deviation of valence."""

    entries = serializers.IntegerField()
    probabilities = serializers.SerializerMethodField()
    valence = serializers.FloatField(allow_null=True)
    arousal = serializers.FloatField(allow_null=True)
    spread = serializers.FloatField(allow_null=True)

    @extend_schema_field(ProbabilitiesSerializer(allow_null=True))
    def get_probabilities(self, mix: Mix) -> dict[str, float] | None:
        return dict(zip(KEYS, mix.probabilities, strict=True)) if mix.probabilities else None


class MonthTrendSerializer(MixSerializer):
    month = serializers.SerializerMethodField()

    @extend_schema_field(serializers.RegexField(r"^\d{4}-\d{2}$"))
    def get_month(self, trend: MonthTrend) -> str:
        return f"{trend.month:%Y-%m}"


class WeekdayTrendSerializer(serializers.Serializer[Any]):
    """A weekday, from Monday 0; no valence below ten days."""

    weekday = serializers.IntegerField(min_value=0, max_value=6)
    entries = serializers.IntegerField()
    valence = serializers.FloatField(allow_null=True)


class TagTrendSerializer(serializers.Serializer[Any]):
    """The days with a tag, by their mood; `difference` is in valence, to the days without it.

    Counts only where either side has fewer than ten days.
    """

    name = serializers.CharField()
    entries = serializers.IntegerField()
    moods = serializers.SerializerMethodField()
    valence = serializers.FloatField(allow_null=True)
    difference = serializers.FloatField(allow_null=True)

    def get_moods(self, trend: TagTrend) -> dict[str, int]:
        return dict(zip(KEYS, trend.moods, strict=True))


class DayPointSerializer(serializers.Serializer[Any]):
    """A day on the plane of valence and arousal, -1 to 1 each."""

    date = serializers.DateField()
    mood = serializers.ChoiceField(choices=MOOD_CHOICES)
    valence = serializers.FloatField()
    arousal = serializers.FloatField()


class ComparedSerializer(serializers.Serializer[Any]):
    """Another range; `difference` is how much brighter the first is, null below ten days."""

    first = serializers.DateField()
    last = serializers.DateField()
    total = MixSerializer()
    difference = serializers.FloatField(allow_null=True)


class TrendsSerializer(serializers.Serializer[Any]):
    first = serializers.DateField()
    last = serializers.DateField()
    total = MixSerializer()
    months = MonthTrendSerializer(many=True)
    weekdays = WeekdayTrendSerializer(many=True)
    tags = TagTrendSerializer(many=True)
    days = DayPointSerializer(many=True)
    compared = ComparedSerializer(allow_null=True)


class EraseSerializer(serializers.Serializer[Any]):
    password = serializers.CharField()
