"""The cache, with its Redis there and away."""

from __future__ import annotations

import pytest

from config.cache import RedisCache
from tests.services import Redis, free_port


@pytest.mark.services
def test_it_works(redis: Redis) -> None:
    cache = RedisCache(redis.url, {})
    cache.set("seen", 1, 60)
    assert (cache.get("seen"), cache.incr("seen")) == (1, 2)
    assert cache.get_many(["seen"]) == {"seen": 2}


def test_redis_that_is_away_is_an_empty_cache() -> None:
    cache = RedisCache(f"redis://127.0.0.1:{free_port()}/0", {})
    cache.set("seen", 1, 60)
    cache.set_many({"seen": 1}, 60)
    cache.delete("seen")
    assert cache.get("seen", "nothing") == "nothing"
    assert cache.get_many(["seen"]) == {}
    assert "seen" not in cache
    assert cache.add("seen", 1)
