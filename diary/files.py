"""Photographs and pieces for their owner alone: by session in a page, by token in a program."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from typing import IO

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import (
    FileResponse,
    Http404,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.people import signed_in
from diary.models import Entry, EntrySong
from diary.services import photo_small_make

CHUNK = 64 * 1024
RANGE = re.compile(r"bytes=(\d*)-(\d*)")
# How long to wait before asking again for a piece that is being composed.
RETRY_SECONDS = 2


class PhotoView(APIView):
    """The stored photograph of a day."""

    throttle_scope = "read"

    @extend_schema(exclude=True)
    def get(self, request: Request, public_id: uuid.UUID) -> HttpResponseBase:
        entry = _entry_with_photo(request, public_id)
        return _file_response(request, entry.photo.name, "image/jpeg")


class PhotoSmallView(APIView):
    """The small photograph of a day; an older one is made at the first look."""

    throttle_scope = "read"

    @extend_schema(exclude=True)
    def get(self, request: Request, public_id: uuid.UUID) -> HttpResponseBase:
        entry = _entry_with_photo(request, public_id)
        try:
            name = entry.photo_small.name or photo_small_make(entry=entry)
        except OSError as error:
            raise Http404 from error
        if not name:
            raise Http404
        return _file_response(request, name, "image/webp")


class PieceView(APIView):
    """The piece composed for a day; 503 with Retry-After while it is being made."""

    throttle_scope = "read"

    @extend_schema(exclude=True)
    def get(self, request: Request, song_id: int) -> HttpResponseBase:
        song = EntrySong.objects.filter(
            pk=song_id, entry__owner=signed_in(request), kind=EntrySong.Kind.PIECE
        ).first()
        if song is None:
            raise Http404
        if not song.audio:
            return HttpResponse(
                status=503,
                headers={"Retry-After": str(RETRY_SECONDS), "Cache-Control": "no-store"},
            )
        return _file_response(request, song.audio.name, "audio/mpeg")


def _entry_with_photo(request: Request, public_id: uuid.UUID) -> Entry:
    entry = Entry.objects.filter(owner=signed_in(request), public_id=public_id).first()
    if entry is None or not entry.photo:
        raise Http404
    return entry


def _file_response(request: Request, name: str | None, content_type: str) -> HttpResponseBase:
    response: HttpResponseBase
    if settings.MEDIA_ACCEL_LOCATION:
        # The proxy serves it, ranges included; the owner was checked here.
        response = HttpResponse(content_type=content_type)
        location = settings.MEDIA_ACCEL_LOCATION.rstrip("/")
        response["X-Accel-Redirect"] = f"{location}/{name}"
    else:
        try:
            file = default_storage.open(str(name), "rb")
            size = default_storage.size(str(name))
        except FileNotFoundError as error:
            raise Http404 from error
        response = _ranged(request.headers.get("Range", ""), file, size, content_type)
    response["Cache-Control"] = "private, max-age=31536000, immutable"
    response["Content-Disposition"] = "inline"
    return response


def _ranged(header: str, file: IO[bytes], size: int, content_type: str) -> HttpResponseBase:
    """Answer a whole file, or the one range that was asked for (RFC 9110, section 14)."""
    match = RANGE.fullmatch(header.strip())
    if not match or not any(match.groups()):
        response: HttpResponseBase = FileResponse(file, content_type=content_type)
        response["Accept-Ranges"] = "bytes"
        return response
    first, last = match.groups()
    if first:
        start, stop = int(first), min(int(last or size - 1), size - 1)
    else:
        start, stop = max(size - int(last), 0), size - 1
    if start >= size or start > stop:
        file.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    part = StreamingHttpResponse(
        _chunks(file, start, stop - start + 1), status=206, content_type=content_type
    )
    part["Content-Length"] = str(stop - start + 1)
    part["Content-Range"] = f"bytes {start}-{stop}/{size}"
    part["Accept-Ranges"] = "bytes"
    return part


def _chunks(file: IO[bytes], start: int, length: int) -> Iterator[bytes]:
    with file:
        file.seek(start)
        while length > 0 and (chunk := file.read(min(CHUNK, length))):
            length -= len(chunk)
            yield chunk
