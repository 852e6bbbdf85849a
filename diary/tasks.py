"""The worker's tasks. Each takes an id, is safe to run twice, and calls one service."""

from __future__ import annotations

import logging
from typing import Any

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from celery.signals import worker_process_init
from django.conf import settings
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def send(task: Any, *args: int) -> None:
    """Send a task; where the broker is away the row stands and the sweeper sends it later."""
    try:
        task.delay(*args)
    except (OperationalError, OSError) as error:
        logger.warning("%s%s not sent, the sweeper will: %s", task.name, args, error)


@shared_task
def read_entry(entry_id: int) -> None:
    """Read the face in an entry's photograph."""
    from diary.readings import entry_give_up, entry_read

    try:
        entry_read(entry_id=entry_id)
    except SoftTimeLimitExceeded:
        entry_give_up(entry_id=entry_id, code="too_slow")


@shared_task
def compose_piece(song_id: int) -> None:
    """Compose the piece of a day."""
    from diary.songs import piece_compose

    piece_compose(song_id=song_id)


@shared_task(ignore_result=True)
def sweep() -> None:
    """Send again what got lost."""
    from diary.readings import sweep as sweep_entries

    sent = sweep_entries()
    if sent:
        logger.info("sweep: %s sent again", sent)


@shared_task(ignore_result=True)
def remind() -> None:
    """Send a task for everybody whose reminder is due."""
    from diary.reminders import reminders_due

    for user_id in reminders_due().values_list("pk", flat=True).iterator():
        send(remind_one, user_id)


@shared_task(ignore_result=True)
def remind_one(user_id: int) -> None:
    """Send one person's reminder."""
    from diary.reminders import reminder_send

    reminder_send(user_id=user_id)


@worker_process_init.connect
def warm_model(**_kwargs: object) -> None:
    """Load the model when the process that will read faces starts, not at its first face."""
    from celery import current_app

    if settings.READING_QUEUE not in current_app.amqp.queues.consume_from:
        return
    from diary.readings import predictor_options
    from emotion.predictor import ModelUnavailable, warm

    try:
        warm(predictor_options(), say=logger.info)
    except ModelUnavailable as error:
        logger.error("the model is not available, faces cannot be read: %s", error)
