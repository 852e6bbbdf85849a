"""AI Hub's "한국인 감정인식을 위한 복합 영상", as it is downloaded: zipped or unpacked.

One JSON array for each class and split, photographs in folders of their own. The photographs
are matched to records by name, wherever both lie. A zip inside a zip is not looked into.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from emotion.annotations import (
    ANNOTATORS,
    AnnotationError,
    name_key,
    read_records,
    record_box,
)
from emotion.labels import INDEX
from emotion.training.facesets import DEFAULTS, DatasetError, FaceSet, LoadOptions
from emotion.training.layouts.archive import Archive, Member
from emotion.training.layouts.names import UnknownName, mood_called
from emotion.training.layouts.photographs import PICTURES, Photograph, read_photographs

# What the names of label files say, as in `img_emotion_training_data(기쁨).json`.
SPLITS = ("training", "validation")
NO_PHOTOGRAPH = "whose photograph is not here"
NO_VOTE = "for which fewer than half of the annotators named one of the six moods"
NO_BOX = "without a usable box"


def load_aihub(path: Path, options: LoadOptions = DEFAULTS) -> FaceSet:
    """Load faces with the three annotators' votes as targets, cut out by their boxes.

    The folder and the uploader's own word are not asked. Votes for 상처 and 알수없음 are dropped;
    a face for which they are more than half is left out. A person is the hash that the file
    name begins with. `options.split` is "training" or "validation", as the label files are
    called. Raises DatasetError.
    """
    split = options.split.casefold() if options.split is not None else None
    if split is not None and split not in SPLITS:
        raise DatasetError(f"the label files are called {' or '.join(SPLITS)}, not {options.split}")
    archive = Archive(path)
    labels = [m for m in archive.members if _is_label_file(m, split)]
    if not labels:
        raise DatasetError(f"{path} has no label file" + f" called *{split}*.json" * bool(split))
    photographs = _Photographs(archive)
    for member in labels:
        photographs.add(member)
    options.say(f"{len(labels)} label files; {photographs.summary()}")
    if not photographs.found:
        raise DatasetError(f"{path}: no record that counts; {photographs.summary()}")
    return read_photographs(photographs.found, options, path=path, votes=True)


def _is_label_file(member: Member, split: str | None) -> bool:
    name = PurePosixPath(member.name).name.casefold()
    return name.endswith(".json") and (split is None or split in name)


class _Photographs:
    """The records of one label file after the other, matched to photographs."""

    def __init__(self, archive: Archive) -> None:
        self.path = archive.path
        self.members = {
            name_key(member.name): member
            for member in archive.members
            if PurePosixPath(member.name).suffix.casefold() in PICTURES
        }
        self.found: list[Photograph] = []
        self.left_out: Counter[str] = Counter()
        self.unknown: Counter[str] = Counter()
        self.seen: set[str] = set()

    def add(self, label_file: Member) -> None:
        """Take the records of one file. Raises DatasetError."""
        try:
            records = read_records(label_file.read(), max_bytes=None)
        except AnnotationError as error:
            raise DatasetError(f"{self.path}: {label_file.name}: {error}") from error
        for number, record in enumerate(records, start=1):
            name = record.get("filename")
            if not isinstance(name, str):
                raise DatasetError(
                    f"{self.path}: {label_file.name}: record {number} has no filename"
                )
            key = name_key(name)
            # The same label file often lies beside its zip.
            if key not in self.seen:
                self.seen.add(key)
                self._add_record(key, record)

    def _add_record(self, key: str, record: Mapping[str, Any]) -> None:
        member = self.members.get(key)
        if member is None:
            self.left_out[NO_PHOTOGRAPH] += 1
            return
        target = self._target(record)
        if target is None:
            self.left_out[NO_VOTE] += 1
            return
        try:
            box = record_box(record)
        except AnnotationError:
            self.left_out[NO_BOX] += 1
            return
        self.found.append(Photograph(member, target, person=key.partition("_")[0], box=box))

    def _target(self, record: Mapping[str, Any]) -> tuple[float, ...] | None:
        """Return the share of the votes for each of the six moods, or None for too few."""
        votes, dropped = [0] * len(INDEX), 0
        for annotator in ANNOTATORS:
            annotation = record.get(annotator)
            word = annotation.get("faceExp") if isinstance(annotation, dict) else None
            if not isinstance(word, str):
                continue
            try:
                mood = mood_called(word)
            except UnknownName:
                self.unknown[unicodedata.normalize("NFC", word)] += 1
                mood = None
            if mood is None:
                dropped += 1
            else:
                votes[INDEX[mood]] += 1
        total = sum(votes)
        return tuple(count / total for count in votes) if total and total >= dropped else None

    def summary(self) -> str:
        """Say how many records there are and what is left out."""
        parts = [f"{len(self.seen)} records", f"{len(self.found)} to cut out"]
        parts += [f"{count} {reason}" for reason, count in self.left_out.items()]
        if self.unknown:
            words = ", ".join(word for word, _ in self.unknown.most_common(5))
            parts.append(f"{self.unknown.total()} votes with an unknown word ({words})")
        return ", ".join(parts)
