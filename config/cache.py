"""The Redis cache, without which the site goes on.

It only holds what rate limits have counted. Redis is the broker, too: while it is away people
still sign in and upload, unlimited for so long, rather than meet an error on every page.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from typing import Any

from django.core.cache.backends import redis as django_redis
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)
# A page must not wait for a Redis that does not answer.
TIMEOUTS = {"socket_connect_timeout": 1, "socket_timeout": 1}


def _or(answer: Callable[..., Any]) -> Callable[[Any], Any]:
    """Let a method return what an empty cache would where Redis does not answer."""

    def decorate(method: Any) -> Any:
        @functools.wraps(method)
        def call(self: Any, *args: Any, **kwargs: Any) -> Any:
            try:
                return method(self, *args, **kwargs)
            except RedisError as error:
                logger.warning("the cache is away, nothing is limited: %s", error)
                return answer(*args, **kwargs)

        return call

    return decorate


_Client = django_redis.RedisCacheClient


class Client(_Client):
    """Django's client, whose every call has an answer."""

    get = _or(lambda key, default=None: default)(_Client.get)
    get_many = _or(lambda *_: {})(_Client.get_many)
    has_key = _or(lambda *_: False)(_Client.has_key)
    add = _or(lambda *_: True)(_Client.add)
    set = _or(lambda *_: None)(_Client.set)
    set_many = _or(lambda *_: [])(_Client.set_many)
    touch = _or(lambda *_: False)(_Client.touch)
    incr = _or(lambda key, delta=1: delta)(_Client.incr)
    delete = _or(lambda *_: False)(_Client.delete)
    delete_many = _or(lambda *_: None)(_Client.delete_many)
    clear = _or(lambda *_: False)(_Client.clear)


class RedisCache(django_redis.RedisCache):
    """What CACHES names."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        params["OPTIONS"] = {**TIMEOUTS, **params.get("OPTIONS", {})}
        super().__init__(server, params)
        self._class = Client
