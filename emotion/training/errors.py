"""What can go wrong while a model is made; each message says what and where."""


class TrainingError(ValueError):
    """Something that was asked for cannot be done."""


class RunMismatch(TrainingError):
    """A folder that holds a run of another configuration."""


class PiecesError(TrainingError):
    """Pieces of weights that are missing or damaged."""


class ExportError(TrainingError):
    """Weights that cannot be served as they are."""


class OutOfTime(Exception):
    """The time given is over before the run is; the same command goes on where it stopped."""
