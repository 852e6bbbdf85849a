"""The embedded broker: messages that appear whole and are taken once."""

from __future__ import annotations

from pathlib import Path

import pytest
from kombu import Connection
from kombu.simple import SimpleQueue

from config.broker import Transport
from config.celery import app


@pytest.fixture
def connection(tmp_path: Path) -> Connection:
    names = {
        "data_folder_in": "messages",
        "data_folder_out": "messages",
        "processed_folder": "processed",
        "control_folder": "control",
    }
    for name in set(names.values()):
        (tmp_path / name).mkdir()
    # kombu remembers for the whole process which queues a folder has; this one is new.
    Transport.global_state.clear()
    options = {option: str(tmp_path / name) for option, name in names.items()}
    return Connection(
        "filesystem://",
        transport="config.broker.Transport",
        transport_options={**options, "polling_interval": 0.01},
    )


def test_it_works_oldest_first(connection: Connection, tmp_path: Path) -> None:
    queue = SimpleQueue(connection, "readings")
    for number in range(3):
        queue.put({"entry": number})
    for number in range(3):
        message = queue.get(timeout=5)
        message.ack()
        assert message.payload == {"entry": number}
    assert [path for path in tmp_path.rglob("*") if path.suffix == ".msg"] == []


def test_other_queues_are_left_alone(connection: Connection) -> None:
    SimpleQueue(connection, "pieces").put("a piece")
    with pytest.raises(SimpleQueue.Empty):
        SimpleQueue(connection, "readings").get(timeout=0.2)


def test_message_being_written_is_not_looked_at(connection: Connection, tmp_path: Path) -> None:
    (tmp_path / "messages" / "1_a.readings.msg.part").write_text('{"half":')
    with pytest.raises(SimpleQueue.Empty):
        SimpleQueue(connection, "readings").get(timeout=0.2)


def test_broken_message_is_dropped(connection: Connection, tmp_path: Path) -> None:
    (tmp_path / "messages" / "1_a.readings.msg").write_text('{"half":')
    queue = SimpleQueue(connection, "readings")
    queue.put({"entry": 1})
    message = queue.get(timeout=5)
    message.ack()
    assert message.payload == {"entry": 1}


def test_task_reaches_its_own_queue_alone(connection: Connection, tmp_path: Path) -> None:
    with connection:
        for name in ("diary.tasks.read_entry", "diary.tasks.compose_piece"):
            queue = app.amqp.router.route({}, name, (1,), {})["queue"]
            message = app.amqp.create_task_message(name, name, (1,), {})
            app.amqp.send_task_message(app.amqp.Producer(connection), name, message, queue=queue)
    files = sorted(path.name.partition(".")[2] for path in (tmp_path / "messages").iterdir())
    assert files == ["pieces.msg", "readings.msg"]
