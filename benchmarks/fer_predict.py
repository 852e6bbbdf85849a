"""What the `fer` package says to faces. Runs in its own environment, started by fer_compare.

    python fer_predict.py FACES.npz ANSWERS.npz

In: `images` uint8 (n, side, side, 1 or 3), RGB. Out: one (n, 7) for each way of asking, in the
order of `fer`'s own labels.
"""

import os
import sys
from itertools import product

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import numpy as np
from fer.fer import FER

# The quantised network is what `FER()` uses, the other is what older versions used; 10 pixels are
# what it adds around a detected box, 0 shows it the face as it is cut.
NETWORKS = {"tflite": True, "keras": False}
OFFSETS = (10, 0)
STEP = 250


class Unrounded(FER):
    """The package's own cutting and scaling, and its answers before it rounds them to two digits.

    Its eager Keras call takes most of its time for one face, so many are classified at once.
    """

    def cut(self, image):
        """Return what the package makes of a whole picture in BGR: float32 (1, 64, 64)."""
        height, width = image.shape[:2]
        self.detect_emotions(image, [(0, 0, width, height)])
        return self.seen

    def classify(self, seen):
        return np.asarray(super()._classify_emotions(seen))

    def _classify_emotions(self, gray_faces):
        self.seen = gray_faces
        return np.zeros((len(gray_faces), 7))


def ask(images, network, offset):
    asked = Unrounded(use_tflite=NETWORKS[network], offsets=(offset, offset))
    said = []
    for start in range(0, len(images), STEP):
        seen = [asked.cut(blue_first(image)) for image in images[start : start + STEP]]
        said.append(asked.classify(np.concatenate(seen)))
        print(f"fer {network}, offset {offset}: {start + len(seen)}/{len(images)}", file=sys.stderr)
    return np.concatenate(said)


def blue_first(image):
    if image.shape[2] == 1:
        return np.repeat(image, 3, axis=2)
    return np.ascontiguousarray(image[..., ::-1])


def main():
    faces, answers = sys.argv[1:]
    with np.load(faces) as stored:
        images = stored["images"]
    ways = product(NETWORKS, OFFSETS)
    said = {f"{network}_{offset}": ask(images, network, offset) for network, offset in ways}
    np.savez(answers, **said)


if __name__ == "__main__":
    main()
