"""Measure the face detector on portraits that show one face each, and on pictures without any.

    python -m benchmarks.detect ARCHIVE_OR_FOLDER [--limit N] [--json FILE]

The archive (zip or folder) has `images/` with one portrait per file. A box is right when its
centre lies in the middle half of the portrait, both ways, and it is at least 0.4 of the shorter
side wide; every other box, and every further one, is a false face. The faceless pictures are
scikit-image's (where it is installed), random parts of them, and drawn ones.
`frontalface_default` at 640 pixels, three neighbours, no margin, stands beside it.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from emotion import detectors
from emotion.boxes import FaceBox

Picture = NDArray[np.uint8]
Detector = Callable[[Picture], list[FaceBox]]
SEED = 20261120
WITHOUT_FACES = (
    *("brick", "cell", "chelsea", "clock", "coffee", "coins", "colorwheel", "grass", "gravel"),
    *("horse", "hubble_deep_field", "immunohistochemistry", "moon", "page", "retina", "rocket"),
    "text",
)


def stored_portraits(path: Path, limit: int | None) -> Iterator[Picture]:
    """Yield the pictures under images/, or `limit` of them drawn at random."""
    archive = zipfile.ZipFile(path) if path.is_file() else None
    if archive:
        names = [name for name in archive.namelist() if "images/" in name and name[-1] != "/"]
    else:
        names = [str(file) for file in (path / "images").iterdir()]
    names.sort()
    if limit:
        order = np.random.default_rng(SEED).permutation(len(names))[:limit]
        names = [names[i] for i in sorted(order)]
    for name in names:
        data = archive.read(name) if archive else Path(name).read_bytes()
        with Image.open(io.BytesIO(data)) as picture:
            yield np.asarray(picture.convert("RGB"))


def landscape(dice: np.random.Generator, size: tuple[int, int] = (900, 600)) -> Picture:
    """Draw mountains, a sun, houses and a little grain."""
    width, height = size
    sky = tuple(int(c) for c in dice.integers(90, 240, 3))
    picture = Image.new("RGB", size, sky)
    draw = ImageDraw.Draw(picture)
    for _ in range(int(dice.integers(2, 6))):
        foot, top = dice.integers(0, width), int(dice.integers(height // 4, height * 3 // 4))
        spread = int(dice.integers(width // 6, width // 2))
        colour = tuple(int(c) for c in dice.integers(30, 140, 3))
        corners = [(foot - spread, height), (foot, top), (foot + spread, height)]
        draw.polygon([(int(x), int(y)) for x, y in corners], fill=colour)
    x, y, r = dice.integers(0, width), dice.integers(0, height // 3), dice.integers(20, 80)
    draw.ellipse([int(x - r), int(y - r), int(x + r), int(y + r)], fill="#ffd86b")
    for _ in range(int(dice.integers(0, 4))):
        left, w = int(dice.integers(0, width - 100)), int(dice.integers(60, 200))
        h = int(dice.integers(60, 200))
        draw.rectangle([left, height - h, left + w, height], fill="#b08968")
        for part in (0.2, 0.6):
            side = w // 5
            corner = (int(left + part * w), height - int(0.8 * h))
            draw.rectangle([*corner, corner[0] + side, corner[1] + side], fill="#223344")
    grain = dice.normal(0, 6, (height, width, 1))
    return np.clip(np.asarray(picture) + grain, 0, 255).astype(np.uint8)


def gradient(dice: np.random.Generator) -> Picture:
    """Draw a smooth run of colour, as of a wall or a covered lens."""
    corners = dice.integers(0, 256, (2, 2, 3)).astype(np.uint8)
    return np.asarray(Image.fromarray(corners).resize((640, 480), Image.Resampling.BICUBIC))


def faceless_pictures() -> list[Picture]:
    """Return 300 or so pictures without a face, the same ones each time."""
    dice = np.random.default_rng(SEED)
    pictures = [landscape(dice) for _ in range(80)] + [gradient(dice) for _ in range(20)]
    for _ in range(20):
        noise = dice.integers(0, 256, (48, 64, 3)).astype(np.uint8)
        pictures.append(np.asarray(Image.fromarray(noise).resize((640, 480))))
    try:
        from skimage import data
    except ImportError:
        print("scikit-image is not installed: drawn pictures only", file=sys.stderr)
        return pictures
    for name in WITHOUT_FACES:
        whole = Image.fromarray(_as_rgb(getattr(data, name)()))
        pictures.append(np.asarray(whole))
        pictures.extend(_part(whole, dice) for _ in range(10))
    return pictures


def _as_rgb(image: NDArray[np.generic]) -> Picture:
    grey = image.astype(np.uint8) * (255 if image.dtype == bool else 1)
    return np.repeat(grey[..., None], 3, axis=2) if grey.ndim == 2 else grey[..., :3]


def _part(whole: Image.Image, dice: np.random.Generator) -> Picture:
    """Cut out a random part, turn, mirror, blur and change the light of it."""
    share = dice.uniform(0.35, 0.95)
    width, height = int(whole.width * share), int(whole.height * share)
    left = int(dice.integers(0, whole.width - width + 1))
    top = int(dice.integers(0, whole.height - height + 1))
    part = whole.crop((left, top, left + width, top + height))
    part = part.rotate(float(dice.choice([0, 90, 180, 270])), expand=True)
    part = part.filter(ImageFilter.GaussianBlur(float(dice.uniform(0, 2))))
    lit = np.asarray(part) * dice.uniform(0.5, 1.3) + dice.uniform(-20, 20)
    return np.clip(lit, 0, 255).astype(np.uint8)


def is_right(box: FaceBox, picture: Picture) -> bool:
    height, width = picture.shape[:2]
    off_x = abs(box.x + box.width / 2 - width / 2) / width
    off_y = abs(box.y + box.height / 2 - height / 2) / height
    return max(off_x, off_y) < 0.25 and box.width >= 0.4 * min(height, width)


def plain_default(picture: Picture) -> list[FaceBox]:
    """Look as most programs do: frontalface_default, once."""
    grey = detectors._grey(picture, 640)
    least = round(0.12 * min(grey.shape))
    hits = detectors._cascade("frontalface_default").detectMultiScale(
        grey, scaleFactor=1.1, minNeighbors=3, minSize=(least, least)
    )
    scale = max(picture.shape[:2]) / 640
    return [FaceBox(*map(float, hit), "opencv").scaled(scale) for hit in hits]


def measure(name: str, look: Detector, pictures: list[Picture], *, faces: bool) -> dict[str, float]:
    """Return what share of the pictures is missed, how many boxes are false, and the time."""
    missed = false = with_false = 0
    times = []
    for number, picture in enumerate(pictures, start=1):
        start = time.perf_counter()
        boxes = look(picture)
        times.append((time.perf_counter() - start) * 1000)
        right = faces and any(is_right(box, picture) for box in boxes)
        missed += faces and not right
        false += len(boxes) - right
        with_false += len(boxes) > right
        if number % 100 == 0 or number == len(pictures):
            print(f"{name}: {number}/{len(pictures)}", file=sys.stderr, flush=True)
    return {
        "pictures": len(pictures),
        "missed_percent": round(100 * missed / len(pictures), 2),
        "false_faces_per_100": round(100 * false / len(pictures), 2),
        "pictures_with_false_percent": round(100 * with_false / len(pictures), 2),
        "median_ms": round(float(np.median(times)), 1),
        "p95_ms": round(float(np.quantile(times, 0.95)), 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("archive", type=Path, help="zip or folder with images/")
    parser.add_argument("--limit", type=int, help="portraits drawn at random; default all")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    asked = parser.parse_args()
    portraits = list(stored_portraits(asked.archive, asked.limit))
    faceless = faceless_pictures()
    figures = {}
    looks: dict[str, Detector] = {
        "gibun": detectors.detect_faces,
        "frontalface_default": plain_default,
    }
    for name, look in looks.items():
        figures[f"{name}, portraits"] = measure(name, look, portraits, faces=True)
        figures[f"{name}, faceless"] = measure(name, look, faceless, faces=False)
    for name, values in figures.items():
        print(name, json.dumps(values))
    if asked.json:
        asked.json.write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
