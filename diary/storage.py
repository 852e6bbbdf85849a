"""Files and the rows that name them."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models.fields.files import FieldFile

from diary.models import Entry

logger = logging.getLogger(__name__)


def file_keep(file: FieldFile, content: bytes) -> str:
    """Store bytes under a fresh name of the row's file field and return the name."""
    name = file.field.generate_filename(file.instance, "")
    return default_storage.save(name, ContentFile(content))


def files_delete_on_commit(names: Iterable[str | None]) -> None:
    """Delete files once the rows that named them are gone for good; empty names are passed over."""
    doomed = [name for name in names if name]

    def delete() -> None:
        for name in doomed:
            try:
                default_storage.delete(name)
            except OSError:
                logger.exception("a file that no row names could not be removed")

    transaction.on_commit(delete)


def photo_forget(*, entry: Entry) -> None:
    """Take the photograph out of a day; its size stays, the unit of the face's box.

    Must run inside a transaction that holds the entry's row.
    """
    files_delete_on_commit(entry.photo_names)
    entry.photo.name = entry.photo_small.name = ""
    entry.save(update_fields=["photo", "photo_small", "updated_at"])
