"""Files that no row names any more."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from django.core.files.storage import default_storage
from django.db import transaction

logger = logging.getLogger(__name__)


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
