"""Tags: the few words that a person hangs on a day."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from accounts.models import User
from diary.errors import DiaryError
from diary.models import Entry, Tag

TAG_LENGTH = 40
TAGS_PER_DAY = 20


def tag_names(names: Iterable[str]) -> list[str]:
    """Return names as they are kept: composed, without a hash sign, none twice. Raises DiaryError.

    A comma parts names on the page, so none may be inside one.
    """
    kept: dict[str, str] = {}
    for name in names:
        text = unicodedata.normalize("NFC", name.replace("\x00", ""))
        text = " ".join(text.split()).lstrip("#").strip()
        if "," in text:
            raise DiaryError("tag_comma", _("태그 하나에는 쉼표를 쓸 수 없어요."))
        if len(text) > TAG_LENGTH:
            raise DiaryError(
                "tag_too_long",
                _("태그가 %(limit)d자보다 길어요. 조금 줄여 주세요.") % {"limit": TAG_LENGTH},
            )
        if text:
            kept.setdefault(tag_key(text), text)
    if len(kept) > TAGS_PER_DAY:
        raise DiaryError(
            "too_many_tags",
            _("하루에 태그는 %(limit)d개까지 달 수 있어요.") % {"limit": TAGS_PER_DAY},
        )
    return list(kept.values())


def tag_key(name: str) -> str:
    """Return what two spellings of one tag have in common."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def tags_replace(*, entry: Entry, names: Sequence[str]) -> None:
    """Hang exactly these tags on a day; `names` come from `tag_names`.

    Must run inside a transaction that holds the entry's row.
    """
    _lock(entry.owner)
    wanted = {tag_key(name): name for name in names}
    tags = list(Tag.objects.filter(owner=entry.owner, key__in=wanted))
    known = {tag.key for tag in tags}
    tags += [
        Tag.objects.create(owner=entry.owner, name=name, key=key)
        for key, name in wanted.items()
        if key not in known
    ]
    entry.tags.set(tags)
    tags_prune(owner=entry.owner)


def tags_prune(*, owner: User) -> None:
    """Remove the tags that hang on no day any more. Must run inside a transaction."""
    _lock(owner)
    Tag.objects.filter(owner=owner, entries=None).delete()


def _lock(owner: User) -> None:
    # One person's tags change one after another: a tag just found unused would otherwise be
    # removed while another request hangs it on a day.
    User.objects.select_for_update(no_key=True).only("pk").get(pk=owner.pk)
