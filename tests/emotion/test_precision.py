"""Which arithmetic is chosen, and what is said about it."""

from __future__ import annotations

import io
import logging
from dataclasses import replace

import pytest
from django.core.management import call_command

from diary.readings import predictor_options
from emotion import precision
from emotion.ensemble import choose
from emotion.errors import ModelUnavailable
from emotion.precision import choose_precision, cpu_capabilities
from emotion.predictor import warm

BOTH = ("bf16", "int8")


@pytest.mark.parametrize(
    ("asked", "passed", "capabilities", "chosen"),
    [
        ("fast", BOTH, BOTH, "int8"),
        ("fast", BOTH, ("int8",), "int8"),
        ("fast", BOTH, ("bf16",), "bf16"),
        ("fast", BOTH, (), "f32"),
        ("fast", ("bf16",), BOTH, "bf16"),
        ("fast", ("bf16",), ("int8",), "f32"),
        ("fast", ("int8",), ("bf16",), "f32"),
        ("fast", (), BOTH, "f32"),
        ("f32", BOTH, BOTH, "f32"),
        ("bf16", (), (), "bf16"),
        ("int8", BOTH, (), "int8"),
    ],
)
def test_precision_is_chosen_by_what_passed_and_what_the_cpu_can_do(
    asked, passed, capabilities, chosen
):
    assert choose_precision(asked, passed=passed, capabilities=capabilities).precision == chosen


def test_reason_names_each_precision_that_was_not_taken():
    choice = choose_precision("fast", passed=("bf16",), capabilities=("int8",))
    assert str(choice) == (
        "f32 (int8 has not passed for these weights, bf16 is not native on this CPU)"
    )


@pytest.mark.parametrize("asked", ["", "FAST", "fp16"])
def test_unknown_precision_is_refused(asked, options):
    with pytest.raises(ValueError, match="is none of fast, f32, bf16, int8"):
        choose_precision(asked, passed=(), capabilities=())
    with pytest.raises(ModelUnavailable, match="is none of"):
        warm(replace(options, precision=asked))


@pytest.mark.parametrize(
    ("flags", "native"),
    [
        # Sapphire Rapids, Zen 4, Cascade Lake, Skylake.
        ("avx512f avx512_vnni avx512_bf16 amx_bf16 amx_tile amx_int8", {"bf16", "int8"}),
        ("avx512f avx512_vnni avx512_bf16", {"int8"}),
        ("avx512f avx512_vnni", {"int8"}),
        ("avx2 avx_vnni", {"int8"}),
        ("avx2 avx512f", set()),
    ],
)
def test_capabilities_are_the_cpus_own_flags(flags, native, tmp_path, monkeypatch):
    told = tmp_path / "cpuinfo"
    told.write_text(f"processor\t: 0\nmodel name\t: a CPU with amx_bf16\nflags\t\t: fpu {flags}\n")
    monkeypatch.setattr(precision, "CPU_INFO", told)
    assert cpu_capabilities() == native


def test_nothing_is_native_where_the_cpu_says_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(precision, "CPU_INFO", tmp_path / "nowhere")
    assert cpu_capabilities() == frozenset()


def test_int8_is_refused_when_the_weights_came_without(model_dir):
    with pytest.raises(ModelUnavailable, match="no int8 graphs"):
        choose(model_dir, "int8")


def test_log_says_once_what_was_chosen_and_why(options, tmp_path, caplog):
    fresh = replace(options, cache_dir=tmp_path)
    with caplog.at_level(logging.INFO, logger="emotion.predictor"):
        warm(fresh)
        warm(fresh)
    (line,) = [each.getMessage() for each in caplog.records if "are read in" in each.getMessage()]
    assert line.startswith("faces are read in f32 (int8 has not passed for these weights")


def test_setting_reaches_the_reader(settings):
    settings.EMOTION_PRECISION = "f32"
    assert predictor_options().precision == "f32"


def test_prepare_model_says_what_will_serve(settings, options):
    settings.EMOTION_MODEL_DIR = options.model_dir
    settings.EMOTION_CACHE_DIR = options.cache_dir
    settings.EMOTION_PRECISION = "bf16"
    out = io.StringIO()
    call_command("prepare_model", stdout=out)
    assert "bf16 (as asked)" in out.getvalue()
