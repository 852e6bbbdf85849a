"""One shape for every error of the API: {code, detail} and, where there are fields, {fields}."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler as drf_exception_handler

from diary.errors import DiaryError


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Turn any exception that DRF or the diary raises into that shape."""
    if isinstance(error, DiaryError):
        return Response({"code": error.code, "detail": error.message}, status=400)
    response = drf_exception_handler(error, context)
    if response is None:
        return None
    if isinstance(error, exceptions.ValidationError):
        response.data = _validation(error)
        return response
    detail = response.data.get("detail") if isinstance(response.data, dict) else None
    code = getattr(detail, "code", "error")
    response.data = {"code": str(code), "detail": str(detail or _("요청을 처리하지 못했어요."))}
    return response


def _validation(error: exceptions.ValidationError) -> dict[str, Any]:
    detail = error.detail
    if isinstance(detail, dict):
        fields = {
            name: [str(message) for message in (value if isinstance(value, list) else [value])]
            for name, value in detail.items()
        }
        first = next(iter(detail.values()))
        leaf = first[0] if isinstance(first, list) and first else first
        code = getattr(leaf, "code", "invalid") if len(detail) == 1 else "invalid"
        return {
            "code": str(code),
            "detail": " ".join(message for messages in fields.values() for message in messages),
            "fields": fields,
        }
    leaf = detail[0] if isinstance(detail, list) and detail else detail
    return {"code": str(getattr(leaf, "code", "invalid")), "detail": str(leaf)}
