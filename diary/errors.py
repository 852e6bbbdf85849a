"""What the diary refuses, in words for the person and a code for programs."""

from __future__ import annotations


class DiaryError(Exception):
    """A refusal: `code` is stable and for programs, `message` is for the person."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code)
        self.code, self.message = code, str(message)
