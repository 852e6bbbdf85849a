"""manage.py prepare, and the translations it compiles."""

from __future__ import annotations

import gettext
import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from config.translations import catalogues_compile
from music.models import Track

PO = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'


@pytest.mark.django_db(transaction=True)
def test_it_works_twice_and_goes_on_without_a_model(settings: Any, tmp_path: Path) -> None:
    settings.EMOTION_MODEL_DIR = tmp_path
    settings.STATIC_ROOT = str(tmp_path / "static")
    for _ in range(2):
        out, err = io.StringIO(), io.StringIO()
        call_command("prepare", stdout=out, stderr=err)
        assert out.getvalue().count("[") == 5
        assert "manifest.json" in err.getvalue()
    assert Track.objects.count() >= 120
    assert any((tmp_path / "static").iterdir())


def test_translations_are_compiled_when_they_changed(tmp_path: Path) -> None:
    folder = tmp_path / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(f'{PO}msgid "기분"\nmsgstr "Mood"\n', encoding="utf-8")
    assert catalogues_compile([tmp_path]) == 1
    assert catalogues_compile([tmp_path]) == 0
    with (folder / "django.mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("기분") == "Mood"
