"""The cache may vanish: a miss instead of an error, and a line in the log."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import ConnectionError as Unreachable
from redis.exceptions import TimeoutError as TooSlow

log = structlog.get_logger(__name__)


class ForgivingRedisCache(RedisCache):
    """Redis that answers as an empty cache while it is away, so that pages and limits of speed go on without it."""

    def _or(self, missing: Any, act: Callable[[], Any]) -> Any:
        try:
            return act()
        except (Unreachable, TooSlow) as error:
            log.warning("cache_away", error=str(error))
            return missing

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._or(default, lambda: super(ForgivingRedisCache, self).get(key, default, version))

    def get_many(self, keys: Any, version: int | None = None) -> Any:
        return self._or({}, lambda: super(ForgivingRedisCache, self).get_many(keys, version))

    def set(self, key: Any, value: Any, timeout: Any = None, version: int | None = None) -> None:
        self._or(None, lambda: super(ForgivingRedisCache, self).set(key, value, timeout, version))

    def set_many(self, data: Any, timeout: Any = None, version: int | None = None) -> Any:
        return self._or(list(data), lambda: super(ForgivingRedisCache, self).set_many(data, timeout, version))

    def add(self, key: Any, value: Any, timeout: Any = None, version: int | None = None) -> bool:
        return bool(
            self._or(True, lambda: super(ForgivingRedisCache, self).add(key, value, timeout, version))
        )

    def touch(self, key: Any, timeout: Any = None, version: int | None = None) -> bool:
        return bool(self._or(False, lambda: super(ForgivingRedisCache, self).touch(key, timeout, version)))

    def delete(self, key: Any, version: int | None = None) -> bool:
        return bool(self._or(False, lambda: super(ForgivingRedisCache, self).delete(key, version)))

    def delete_many(self, keys: Any, version: int | None = None) -> None:
        self._or(None, lambda: super(ForgivingRedisCache, self).delete_many(keys, version))

    def has_key(self, key: Any, version: int | None = None) -> bool:
        return bool(self._or(False, lambda: super(ForgivingRedisCache, self).has_key(key, version)))

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        return int(self._or(delta, lambda: super(ForgivingRedisCache, self).incr(key, delta, version)))

    def clear(self) -> None:
        self._or(None, lambda: super(ForgivingRedisCache, self).clear())
