"""Our own catalogue is what it promises, and a file of somebody else is checked line by line."""

from __future__ import annotations

import math
from collections import Counter
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from emotion.labels import MOODS
from music.catalogue import CATALOGUE, COLUMNS, CatalogueError, songs_load, songs_read
from music.models import Track

GOOD = "이소라,바람이 분다,2004,ko,ballad,0.10,0.22,farewell wind,false,"
HEADER = ",".join(COLUMNS)


@pytest.fixture(scope="module")
def songs():
    return songs_read(CATALOGUE)


def place(mood):
    return (mood.valence + 1) / 2, (mood.arousal + 1) / 2


def test_catalogue_is_large_and_half_korean(songs):
    korean = sum(song.language == "ko" for song in songs)
    assert len(songs) >= 150
    assert 0.45 <= korean / len(songs) <= 0.55


def test_catalogue_names_no_song_twice_whatever_the_case(songs):
    names = Counter((song.artist.casefold(), song.title.casefold()) for song in songs)
    assert [name for name, count in names.items() if count > 1] == []
    ids = Counter(song.spotify_id for song in songs if song.spotify_id)
    assert [track_id for track_id, count in ids.items() if count > 1] == []


def test_catalogue_has_no_artist_above_three_songs(songs):
    artists = Counter(song.artist.casefold() for song in songs)
    assert [artist for artist, count in artists.items() if count > 3] == []


@pytest.mark.parametrize("mood", MOODS, ids=lambda mood: mood.key)
def test_catalogue_has_fifteen_songs_for_every_mood(songs, mood):
    nearest = [
        song
        for song in songs
        if min(MOODS, key=lambda m: math.dist(place(m), (song.valence, song.energy))) is mood
    ]
    near = [s for s in nearest if math.dist(place(mood), (s.valence, s.energy)) <= 0.25]
    assert len(near) >= 15
    assert sum(song.language == "ko" for song in near) >= 5
    assert sum(song.language != "ko" for song in near) >= 5


def test_catalogue_has_many_kinds_of_korean_music(songs):
    genres = {song.genre for song in songs if song.language == "ko"}
    assert genres >= {"ballad", "indie", "hip-hop", "idol", "trot", "ost", "rock", "folk"}


def file_of(tmp_path, *rows, header=HEADER):
    path = tmp_path / "mine.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (GOOD.replace("0.10", "1.2"), "valence must be a number from 0 to 1"),
        (GOOD.replace("0.22", "nan"), "energy must be a number from 0 to 1"),
        (GOOD.replace("0.22", ""), "energy must be a number from 0 to 1"),
        (GOOD.replace("2004", "04"), "year '04'"),
        (GOOD.replace("ballad", "noise"), "genre 'noise'"),
        (GOOD.replace(",ko,", ",Korean,"), "language 'Korean'"),
        (GOOD.replace("false", "no"), "explicit must be true or false"),
        (GOOD.replace("이소라", ""), "artist must have"),
        (GOOD.replace("바람이 분다", "가" * 201), "title must have"),
        (GOOD + "short", "is not a Spotify track id"),
        (GOOD + ",more", "11 columns, not 10"),
        ("이소라", "1 columns, not 10"),
        (GOOD, "stands on line 2 already"),
    ],
)
def test_songs_read_names_the_line_when_it_is_wrong(tmp_path, row, said):
    with pytest.raises(CatalogueError, match=r"mine\.csv, line 3") as refused:
        songs_read(file_of(tmp_path, GOOD, row))
    assert said in str(refused.value)


def test_songs_read_refuses_other_columns_empty_files_and_other_encodings(tmp_path):
    with pytest.raises(CatalogueError, match="line 1: the columns must be"):
        songs_read(file_of(tmp_path, GOOD, header="artist,title"))
    with pytest.raises(CatalogueError, match="has no songs"):
        songs_read(file_of(tmp_path))
    path = tmp_path / "cp949.csv"
    path.write_bytes(f"{HEADER}\n{GOOD}\n".encode("cp949"))
    with pytest.raises(CatalogueError, match="not UTF-8"):
        songs_read(path)


def test_songs_read_takes_the_mark_that_spreadsheets_put_first(tmp_path):
    path = tmp_path / "sheet.csv"
    path.write_bytes(f"{HEADER}\r\n{GOOD}\r\n".encode("utf-8-sig"))
    assert songs_read(path)[0].artist == "이소라"


@pytest.mark.django_db
def test_load_tracks_twice_changes_nothing_and_costs_one_query(django_assert_num_queries):
    out = StringIO()
    call_command("load_tracks", stdout=out)
    first = dict(Track.objects.values_list("pk", "title"))
    assert f"{len(first)} new, 0 changed, 0 unchanged" in out.getvalue()
    with django_assert_num_queries(1):
        call_command("load_tracks", stdout=out)
    assert f"0 new, 0 changed, {len(first)} unchanged" in out.getvalue()
    assert dict(Track.objects.values_list("pk", "title")) == first


@pytest.mark.django_db
def test_load_tracks_updates_a_changed_row_and_keeps_its_id(tmp_path):
    call_command("load_tracks", file_of(tmp_path, GOOD), stdout=StringIO())
    before = Track.objects.get()
    changed = GOOD.replace("0.22", "0.30").replace("ballad", "indie")
    out = StringIO()
    call_command("load_tracks", file_of(tmp_path, changed), stdout=out)
    after = Track.objects.get()
    assert "0 new, 1 changed, 0 unchanged" in out.getvalue()
    assert (after.pk, after.created_at) == (before.pk, before.created_at)
    assert (after.energy, after.genre) == (0.30, "indie")


@pytest.mark.django_db
def test_load_tracks_keeps_an_id_that_was_found_since(tmp_path):
    path = file_of(tmp_path, GOOD)
    songs_load(songs=songs_read(path))
    Track.objects.update(spotify_id="A" * 22)
    changed = file_of(tmp_path, GOOD.replace("0.22", "0.30"))
    songs_load(songs=songs_read(changed))
    assert Track.objects.get().spotify_id == "A" * 22


@pytest.mark.django_db
def test_load_tracks_leaves_the_table_alone_when_one_line_is_wrong(tmp_path):
    with pytest.raises(CommandError, match="line 3"):
        call_command("load_tracks", file_of(tmp_path, GOOD, "x"), stdout=StringIO())
    with pytest.raises(CommandError, match="Cannot read"):
        call_command("load_tracks", tmp_path / "none.csv", stdout=StringIO())
    assert not Track.objects.exists()


def test_track_keeps_its_numbers_between_0_and_1_and_its_name_once(make_track):
    first = make_track()
    for bad in ({"valence": 1.01}, {"energy": -0.01}, {"title": first.title}):
        with pytest.raises(IntegrityError), transaction.atomic():
            make_track(**{"artist": first.artist, **bad})
    assert str(first) == f"{first.artist} - {first.title}"
