"""What every test may ask for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db.backends.postgresql.operations import DatabaseOperations

from tests.cast import Cast, build_cast


@pytest.fixture
def cast(db: None) -> Cast:
    """The little city of tests/cast.py, everybody in post since 2020-01-01."""
    return build_cast()


@pytest.fixture(scope="session", autouse=True)
def trail_may_be_emptied_between_tests() -> Iterator[None]:
    """A test with real transactions ends by emptying all tables, which the trail's triggers refuse."""
    emptied = DatabaseOperations.execute_sql_flush

    def without_triggers(self: DatabaseOperations, statements: list[str]) -> None:
        emptied(self, ["SET LOCAL session_replication_role = replica", *statements])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "execute_sql_flush", without_triggers)
        yield


@pytest.fixture(scope="session", autouse=True)
def passwords_hash_quickly() -> Iterator[None]:
    """The hash is slow by design; the tests prove the rules around it, not its cost."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"time_cost": 1, "memory_cost": 64, "parallelism": 1}.items():
            patch.setattr(Argon2PasswordHasher, name, value)
        yield
