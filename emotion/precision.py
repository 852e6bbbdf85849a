"""Which arithmetic reads faces: what the weights allow, what this CPU can do, what a person asks.

`f32` is the reference. The others are candidates: whether one is exact enough was measured when
the weights were exported and stands in manifest.json; here only the CPU decides among them.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

REFERENCE = "f32"
FAST = "fast"
CANDIDATES = ("bf16", "int8")
# The faster first where a CPU has both, and the flags of CPUs on which each is faster than f32:
# docs/measurements.md. OpenVINO offers both on CPUs without: bf16 at a quarter of f32's speed,
# int8 with sums in 16 bits, which is not what was judged on the validation faces.
FASTEST_FIRST = ("int8", "bf16")
NATIVE_FLAGS = {
    "int8": frozenset({"avx512_vnni", "avx_vnni", "amx_int8"}),
    "bf16": frozenset({"amx_bf16"}),
}
CPU_INFO = Path("/proc/cpuinfo")
# What EMOTION_PRECISION may be.
SETTINGS = (FAST, REFERENCE, *CANDIDATES)


@dataclass(frozen=True, slots=True)
class Choice:
    """The precision to compute in and, for the log, why."""

    precision: str
    reason: str

    def __str__(self) -> str:
        return f"{self.precision} ({self.reason})"


def choose_precision(
    asked: str, *, passed: Collection[str], capabilities: Collection[str]
) -> Choice:
    """Return what serves: `asked` by name, or for "fast" the fastest that passed and is native.

    `passed`: the candidates that these weights may be served in. `capabilities`: as
    `cpu_capabilities` says. Raises ValueError for a name that is none of SETTINGS.
    """
    if asked not in SETTINGS:
        raise ValueError(f"precision {asked!r} is none of {', '.join(SETTINGS)}")
    if asked != FAST:
        return Choice(asked, "as asked")
    reasons = []
    for candidate in FASTEST_FIRST:
        if candidate not in passed:
            reasons.append(f"{candidate} has not passed for these weights")
        elif candidate not in capabilities:
            reasons.append(f"{candidate} is not native on this CPU")
        else:
            return Choice(candidate, "native on this CPU, and passed for these weights")
    return Choice(REFERENCE, ", ".join(reasons))


def cpu_capabilities() -> frozenset[str]:
    """Return which of CANDIDATES this CPU computes faster than f32; known on Linux only."""
    flags = _cpu_flags(CPU_INFO)
    return frozenset(name for name, needed in NATIVE_FLAGS.items() if needed & flags)


def _cpu_flags(path: Path) -> set[str]:
    try:
        lines = path.read_text().splitlines()
    except OSError:
        return set()
    flags = (line.partition(":")[2] for line in lines if line.startswith("flags"))
    return set(next(flags, "").split())
