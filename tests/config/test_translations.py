"""Korean is the language of the source; English must be complete."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
ENGLISH = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"
SOURCES = ("accounts", "config", "diary", "emotion", "music", "templates", "manage.py")
HANGUL = re.compile(r"[가-힣]")
# Proper names that stand in Korean in an English sentence.
KOREAN_IN_ENGLISH = ("기분", "한국어")


def entries(path: Path) -> list:
    with path.open("rb") as file:
        return [message for message in read_po(file) if message.id]


def texts(message: object) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


def test_every_message_has_english_words() -> None:
    for message in entries(ENGLISH):
        assert all(texts(message)), f"no English for {message.id!r}"
        assert not message.fuzzy, f"a guess for {message.id!r}"


def test_english_words_are_english() -> None:
    for message in entries(ENGLISH):
        for text in texts(message):
            english = text
            for name in KOREAN_IN_ENGLISH:
                english = english.replace(name, "")
            assert not HANGUL.search(english), f"Korean in the English of {message.id!r}"


def test_placeholders_are_the_same_in_both_languages() -> None:
    placeholder = re.compile(r"%\(\w+\)[sd]|\{\w*\}")
    for message in entries(ENGLISH):
        korean = message.id if isinstance(message.id, str) else message.id[-1]
        for text in texts(message):
            assert set(placeholder.findall(text)) <= set(placeholder.findall(korean)), text


def test_no_string_is_missing_from_the_catalogue(tmp_path: Path, gettext_tools: None) -> None:
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            ignored = shutil.ignore_patterns("__pycache__", "*.mo", "*.keras", "*.csv")
            shutil.copytree(source, tmp_path / name, ignore=ignored)
        else:
            shutil.copy(source, tmp_path / name)
    target = tmp_path / "locale" / "en" / "LC_MESSAGES"
    target.mkdir(parents=True)
    shutil.copy(ENGLISH, target)
    command = ["makemessages", "--locale", "en", "--no-obsolete", "--no-location"]
    subprocess.run([sys.executable, "-m", "django", *command], cwd=tmp_path, check=True)
    known = {message.id for message in entries(ENGLISH)}
    missing = [m.id for m in entries(target / "django.po") if m.id not in known]
    assert not missing, "run `make messages` and give these their English"
