"""One module for each way in which faces lie on a disk; `emotion.training.datasets` is the door."""
