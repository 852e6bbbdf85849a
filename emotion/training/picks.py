"""Which faces a batch holds, and how much each of them counts."""

from __future__ import annotations

import keras
import numpy as np
from numpy.typing import NDArray

from emotion.training.facesets import FaceSet

Batch = tuple[NDArray[np.uint8], NDArray[np.float32], NDArray[np.float32]]


class FacePicks(keras.utils.PyDataset):
    """Batches that walk through the faces in a new random order each time round.

    A batch is images uint8 (batch, s, s, c), targets float32 (batch, k) and weights float32
    (batch,), whose mean over all faces is 1. `epoch` is the first one, where a killed run goes
    on.
    """

    def __init__(
        self,
        faces: FaceSet,
        batch: int,
        per_epoch: int,
        seed: int,
        *,
        balance: float = 0.0,
        epoch: int = 0,
    ) -> None:
        super().__init__()
        self.faces, self.batch, self.per_epoch = faces, batch, per_epoch
        self.seed, self.epoch = seed, epoch
        self.weights = balancing_weights(faces.targets, balance)

    def __len__(self) -> int:
        return self.per_epoch

    def __getitem__(self, index: int) -> Batch:
        start = (self.epoch * self.per_epoch + index) * self.batch
        rows = []
        for position in range(start, start + self.batch):
            lap, place = divmod(position, len(self.faces))
            rows.append(self._order(lap)[place])
        chosen = np.asarray(rows)
        return self.faces.images[chosen], self.faces.targets[chosen], self.weights[chosen]

    def _order(self, lap: int) -> NDArray[np.int64]:
        if getattr(self, "_lap", None) != lap:
            self._lap = lap
            self._shuffled = np.random.default_rng((self.seed, lap)).permutation(len(self.faces))
        return self._shuffled

    def on_epoch_end(self) -> None:
        self.epoch += 1


def balancing_weights(targets: NDArray[np.float32], power: float) -> NDArray[np.float32]:
    """Return one weight for each face, float32 (n,), mean 1: rarer moods weigh more.

    A mood weighs (1 / its share of all votes) ** `power`; a face the mean over its votes.
    """
    shares = targets.mean(axis=0)
    by_mood = np.where(shares > 0, np.maximum(shares, 1e-6), 1.0) ** -power
    weights = targets @ by_mood
    return (weights / weights.mean()).astype(np.float32)
