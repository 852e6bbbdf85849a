"""Dates and months in addresses; what is no date is a 404, not an error."""

from __future__ import annotations

import datetime as dt


class DateConverter:
    """An ISO date such as 2026-11-20."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> dt.date:
        return dt.date.fromisoformat(value)

    def to_url(self, value: dt.date | str) -> str:
        return value if isinstance(value, str) else value.isoformat()


class YearConverter:
    """A year that the diary can hold, with the months around it."""

    regex = r"19[7-9]\d|[2-8]\d{3}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return f"{value:04d}"


class MonthConverter:
    """A month from 1 to 12, with or without the leading nought."""

    regex = r"0?[1-9]|1[0-2]"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return f"{value:02d}"
