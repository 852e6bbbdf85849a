"""A mood in the person's own word, as the numbers that it stands for."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from emotion.labels import one_hot

STRENGTHS = ((1, _("조금")), (2, _("꽤")), (3, _("많이")))
# How much of the day the mood is at each strength; the rest is calm.
SHARES: Mapping[int, float] = {1: 0.5, 2: 0.75, 3: 1.0}


def own_probabilities(mood: str, strength: int | None) -> tuple[float, ...]:
    """Return the six probabilities that `mood` said with `strength` (1 to 3) stands for.

    Without a strength the mood is the whole day, and so is `neutral` with any.
    """
    share = SHARES[strength] if strength else 1.0
    pairs = zip(one_hot(mood), one_hot("neutral"), strict=True)
    return tuple(share * said + (1 - share) * calm for said, calm in pairs)
