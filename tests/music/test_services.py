"""Songs are chosen from the whole vector, and the sentence says why in the reader's language."""

from __future__ import annotations

import re

import pytest
from django.utils import translation

from emotion.labels import KEYS, MOODS, one_hot
from music.models import Track
from music.plane import target
from music.services import choose, piece_reason, reason

FLAT = (1 / 6,) * 6
MIXED = (0.48, 0.02, 0.10, 0.31, 0.05, 0.04)


def tracks_of(choices):
    found = Track.objects.in_bulk([choice.track_id for choice in choices])
    return [found[choice.track_id] for choice in choices]


@pytest.mark.parametrize("key", KEYS)
def test_choose_stays_near_a_mood_that_is_certain(catalogue, key):
    aim = target(one_hot(key))
    for seed in ("a", "b", "c"):
        choices = choose(probabilities=one_hot(key), seed=seed)
        assert len(choices) == 3
        assert max(choice.distance for choice in choices) < 0.25
        for choice, track in zip(choices, tracks_of(choices), strict=True):
            there = (track.valence - aim.valence) ** 2 + (track.energy - aim.energy) ** 2
            assert choice.distance == pytest.approx(there**0.5)


@pytest.mark.parametrize("vector", [*map(one_hot, KEYS), FLAT, MIXED])
def test_choose_mixes_languages_and_never_repeats_an_artist(catalogue, vector):
    for seed in range(20):
        tracks = tracks_of(choose(probabilities=vector, seed=str(seed), count=4))
        assert len({track.artist for track in tracks}) == 4
        languages = {track.language == "ko" for track in tracks}
        assert languages == {True, False}


def test_choose_gives_the_same_songs_for_the_same_day_and_others_for_another(catalogue):
    first = choose(probabilities=MIXED, seed="one day")
    assert choose(probabilities=MIXED, seed="one day") == first
    days = {tuple(choose(probabilities=MIXED, seed=str(day))) for day in range(30)}
    assert len(days) > 20


def test_choose_looks_wider_when_the_reading_is_unsure(catalogue):
    def reach(vector):
        return max(c.distance for s in range(20) for c in choose(probabilities=vector, seed=str(s)))

    assert target(FLAT).spread > target(MIXED).spread > target(one_hot("sad")).spread
    assert reach(FLAT) > reach(one_hot("sad"))


def test_choose_hears_the_whole_vector_and_not_the_winner_alone():
    glad_alone, glad_and_afraid = target(one_hot("happy")), target(MIXED)
    assert glad_and_afraid.valence < glad_alone.valence - 0.2


def test_choose_brings_new_songs_for_a_month_of_the_same_mood(catalogue):
    heard: list[int] = []
    for day in range(30):
        choices = choose(probabilities=one_hot("sad"), seed=str(day), avoid=set(heard))
        assert not {choice.track_id for choice in choices} & set(heard)
        heard += [choice.track_id for choice in choices]
    assert len(set(heard)) == 90


def test_choose_repeats_a_song_only_when_nothing_else_is_left(make_track):
    tracks = [make_track() for _ in range(4)]
    avoid = [track.pk for track in tracks[:3]]
    choices = choose(probabilities=FLAT, seed="x", avoid=avoid, count=2)
    assert choices[0].track_id == tracks[3].pk
    assert choices[1].track_id in avoid


def test_choose_prefers_a_fresh_song_to_an_avoided_korean_one(make_track):
    heard = make_track(language="ko")
    for _ in range(3):
        make_track(language="en")
    choices = choose(probabilities=FLAT, seed="x", avoid={heard.pk})
    assert heard.pk not in {choice.track_id for choice in choices}


def test_choose_brings_one_korean_song_from_far_away(make_track):
    far = make_track(language="ko", valence=0.95, energy=0.95)
    for _ in range(5):
        make_track(language="en", valence=0.15, energy=0.275)
    choices = choose(probabilities=one_hot("sad"), seed="x")
    assert [c.track_id for c in choices].count(far.pk) == 1
    assert [c.track_id for c in choose(probabilities=one_hot("sad"), seed="x", count=1)] == [far.pk]


def test_choose_leaves_another_language_out_when_it_is_too_far(make_track):
    far = make_track(language="en", valence=0.95, energy=0.95)
    for _ in range(5):
        make_track(language="ko", valence=0.15, energy=0.275)
    choices = choose(probabilities=one_hot("sad"), seed="x")
    assert far.pk not in {choice.track_id for choice in choices}


def test_choose_returns_fewer_when_there_are_too_few_artists(make_track):
    make_track(artist="혼자"), make_track(artist="혼자")
    assert len(choose(probabilities=FLAT, seed="x")) == 1


def test_choose_returns_nothing_from_an_empty_catalogue(db):
    assert choose(probabilities=FLAT, seed="x") == []


def test_choose_asks_the_database_once(catalogue, django_assert_num_queries):
    with django_assert_num_queries(1):
        choose(probabilities=MIXED, seed="x", avoid=range(50), count=10)


@pytest.mark.parametrize(
    "bad", [(), (1.0,), (0,) * 6, (-0.1, 1.1, 0, 0, 0, 0), (float("nan"), 0, 0, 0, 0, 1)]
)
def test_target_refuses_what_is_not_a_vector_of_six(bad):
    with pytest.raises(ValueError, match="Expected"):
        target(bad)


def test_reason_differs_by_mood_and_by_song():
    with translation.override("ko"):
        corners = [(0.1, 0.2), (0.1, 0.9), (0.5, 0.2), (0.5, 0.9), (0.9, 0.2), (0.9, 0.8)]
        said = {
            reason(probabilities=one_hot(mood.key), valence=v, energy=e)
            for mood in MOODS
            for v, e in corners
        }
    assert len(said) == len(MOODS) * len(corners)


def test_reason_names_the_share_and_the_song():
    with translation.override("ko"):
        said = reason(probabilities=(0.05, 0.05, 0.72, 0.08, 0.06, 0.04), valence=0.2, energy=0.3)
        assert said == "깊은 슬픔 72 %, 그래서 느리고 쓸쓸한 노래예요."
        mixed = reason(probabilities=MIXED, valence=0.6, energy=0.65)
        assert mixed == "기쁨 48 %에 불안 31 %가 섞여서, 담담하게 걷는 노래예요."


def test_reason_admits_a_song_that_is_far_and_a_day_without_a_leader():
    with translation.override("ko"):
        far = reason(probabilities=one_hot("sad"), valence=0.9, energy=0.8)
        assert "조금 다른 결의" in far
        assert "여섯 마음이 고루" in reason(probabilities=FLAT, valence=0.4, energy=0.6)
        assert "조금 멀리서" in reason(probabilities=FLAT, valence=0.95, energy=0.1)


@pytest.mark.parametrize("vector", [*map(one_hot, KEYS), FLAT, MIXED])
def test_sentences_have_no_gap_and_no_doubled_particle(vector):
    with translation.override("ko"):
        for said in (reason(probabilities=vector, valence=0.5, energy=0.5), piece_reason(vector)):
            assert said.endswith(("예요.", "이에요."))
            assert "%(" not in said
            assert "%%" not in said
            assert not re.search(r"%(을|이|은|과|으로)", said)


def test_piece_reason_differs_by_mood():
    with translation.override("ko"):
        assert len({piece_reason(one_hot(key)) for key in KEYS}) == len(KEYS)
        assert piece_reason(MIXED).startswith("기쁨 48 %와 불안 31 %로 지은")
        assert piece_reason(FLAT).startswith("고루 섞인")
