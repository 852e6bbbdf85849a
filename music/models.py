"""A song of the catalogue and its place on the plane of valence and energy."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

SPOTIFY_ID_PATTERN = r"^[0-9A-Za-z]{22}$"


class Track(models.Model):
    """A song that can be chosen for a day. What the two numbers mean: `music.catalogue`."""

    artist = models.CharField(_("음악가"), max_length=120)
    title = models.CharField(_("제목"), max_length=200)
    year = models.PositiveSmallIntegerField(_("발표 연도"), null=True, blank=True)
    # ISO 639 code of the words that are sung; "zxx" where there are none.
    language = models.CharField(_("언어"), max_length=3)
    genre = models.CharField(_("장르"), max_length=20)
    valence = models.FloatField(_("밝기"))
    energy = models.FloatField(_("세기"))
    tags = models.TextField(_("꼬리표"), blank=True, help_text=_("빈칸으로 나눠 적어요."))
    spotify_id = models.CharField(
        max_length=22, blank=True, validators=[RegexValidator(SPOTIFY_ID_PATTERN)]
    )
    explicit = models.BooleanField(_("거친 노랫말"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["artist", "title"], name="track_artist_title_once"),
            models.CheckConstraint(
                condition=Q(valence__gte=0, valence__lte=1), name="track_valence_0_to_1"
            ),
            models.CheckConstraint(
                condition=Q(energy__gte=0, energy__lte=1), name="track_energy_0_to_1"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.artist} - {self.title}"
