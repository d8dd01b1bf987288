"""Settings, the edge, health, and the words for what goes wrong."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from unittest import mock

import clock
import pytest
from accounts.models import User
from config import errors, health
from config.celery import HEARTBEAT, app, schedule
from config.environment import broker
from config.middleware import client_address
from django.core.cache import cache
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import path
from redis.exceptions import ConnectionError as Unreachable

ROOT = Path(__file__).parents[2]
DEPLOYED = {
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "SITE_URL": "https://data.example.gov.cn",
    "DATABASE_URL": "postgres://yushu@localhost/yushu",
    "REDIS_URL": "redis://localhost/0",
    "EMAIL_URL": "smtp+tls://yushu:secret@localhost:587",
}


def settings_of(environment: dict[str, str], expression: str) -> subprocess.CompletedProcess[str]:
    """Load the settings in a fresh process with nothing but that environment."""
    code = f"from django.conf import settings as s; print({expression})"
    bare = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "config.settings"}
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=bare | environment, capture_output=True, text=True
    )


def test_a_start_without_secrets_names_all_of_them_at_once():
    done = settings_of({}, "s.DEBUG")
    assert done.returncode != 0
    for name in DEPLOYED:
        assert f"  {name}：" in done.stderr
    assert ".env.example" in done.stderr


def test_weak_values_are_refused_too():
    done = settings_of(DEPLOYED | {"SECRET_KEY": "short", "SITE_URL": "http://plain"}, "s.DEBUG")
    assert "SECRET_KEY：应不少于 50 个字符，现在是 5 个" in done.stderr
    assert "SITE_URL：正式部署应以 https:// 开头" in done.stderr
    assert "REDIS_URL" not in done.stderr


def test_a_bucket_without_its_key_is_refused_outside_the_demonstration():
    done = settings_of(DEPLOYED | {"FILES_BUCKET": "yushu"}, "s.DEBUG")
    assert "FILES_ACCESS_KEY" in done.stderr and "FILES_SECRET_KEY" in done.stderr


def test_files_go_to_a_bucket_by_configuration_alone():
    keys = {
        "FILES_BUCKET": "b",
        "FILES_ACCESS_KEY": "a",
        "FILES_SECRET_KEY": "s",
        "FILES_ENDPOINT": "https://s3",
    }
    done = settings_of(DEPLOYED | keys, "s.STORAGES['default']['BACKEND'], s.STORAGES['holdings']['BACKEND']")
    assert done.stdout.split() == [
        "storages.backends.s3.S3Storage",
        "django.core.files.storage.FileSystemStorage",
    ], done.stderr


def test_everything_that_depends_on_tls_follows_from_the_address():
    wanted = "s.SECURE_SSL_REDIRECT, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS > 0"
    assert settings_of(DEPLOYED, wanted).stdout.strip() == "True True True True"
    plain = settings_of(DEPLOYED | {"YUSHU_DEMO": "1", "SITE_URL": "http://h"}, wanted)
    assert plain.stdout.strip() == "False False False False"


@pytest.mark.parametrize(
    ("redis", "celery"),
    [
        ("redis://host:6379/0", "redis://host:6379/0"),
        ("unix:///tmp/a/redis.sock?db=3", "redis+socket:///tmp/a/redis.sock?virtual_host=3"),
        ("unix:///tmp/a/redis.sock", "redis+socket:///tmp/a/redis.sock?virtual_host=0"),
    ],
)
def test_celery_finds_the_same_redis(redis: str, celery: str):
    assert broker(redis) == celery


@pytest.mark.django_db
def test_every_page_carries_the_headers_and_a_request_id(client: Client):
    response = client.get("/healthz")
    policy = response["Content-Security-Policy"]
    assert "script-src 'self'" in policy and "unsafe" not in policy
    assert response["X-Frame-Options"] == "DENY" and response["X-Content-Type-Options"] == "nosniff"
    assert "camera=()" in response["Permissions-Policy"] and response["Referrer-Policy"] == "same-origin"
    assert len(response["X-Request-ID"]) == 32


@pytest.mark.django_db
def test_a_client_cannot_choose_its_request_id_unless_a_proxy_of_ours_passes_it_on(client: Client):
    assert client.get("/healthz", headers={"X-Request-ID": "chosen-by-me"})["X-Request-ID"] != "chosen-by-me"
    with override_settings(PROXY_COUNT=1):
        assert (
            client.get("/healthz", headers={"X-Request-ID": "from-the-proxy"})["X-Request-ID"]
            == "from-the-proxy"
        )
        assert client.get("/healthz", headers={"X-Request-ID": "bad id\t"})["X-Request-ID"] != "bad id\t"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "seen"),
    [
        (0, "203.0.113.9", "127.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "1.1.1.1, 203.0.113.9", "203.0.113.9"),
        (2, "1.1.1.1, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (2, "203.0.113.9", "127.0.0.1"),
        (1, "", "127.0.0.1"),
    ],
)
def test_only_what_our_proxies_wrote_is_believed(proxies: int, forwarded: str, seen: str):
    with override_settings(PROXY_COUNT=proxies):
        view = client_address(lambda request: HttpResponse(request.META["REMOTE_ADDR"]))
        request = RequestFactory().get("/", headers={"X-Forwarded-For": forwarded})
        assert view(request).content.decode() == seen


@pytest.mark.django_db
def test_health_is_open_to_all_and_grades_each_part(client: Client):
    cache.set(HEARTBEAT, clock.now().isoformat())
    response = client.get("/healthz")
    body = response.json()
    assert response.status_code == 200
    assert set(body["parts"]) == {"database", "redis", "sweep", "outbox", "calendar", "worker"}
    assert body["parts"]["worker"]["status"] == "green"
    assert client.post("/healthz").status_code == 405


@pytest.mark.django_db
def test_a_worker_that_does_not_report_is_seen(client: Client):
    for minutes, status in ((0, "green"), (2, "amber"), (20, "red")):
        cache.set(HEARTBEAT, (clock.now() - timedelta(minutes=minutes)).isoformat())
        assert client.get("/healthz").json()["parts"]["worker"]["status"] == status


@pytest.mark.django_db
def test_without_redis_it_is_amber_and_serves(client: Client):
    gone = mock.patch("config.cache.RedisCache.set", side_effect=Unreachable("away"))
    gone_too = mock.patch("config.cache.RedisCache.get", side_effect=Unreachable("away"))
    with gone, gone_too:
        response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json()["parts"]["redis"]["status"] == "amber"


def test_without_the_database_it_is_503_and_tells_no_address(client: Client):
    away = OperationalError('connection to server at "10.1.2.3", port 5432 failed: password')
    with mock.patch.dict(health._DATABASE_PARTS, {"database": mock.Mock(side_effect=away)}):
        response = client.get("/healthz")
    assert response.status_code == 503 and response.json()["status"] == "red"
    assert "10.1.2.3" not in response.content.decode()


@pytest.mark.parametrize(
    ("today", "years"),
    [
        (date(2026, 11, 30), [2026]),
        (date(2026, 12, 1), [2026, 2027]),
        (date(2026, 12, 31), [2026, 2027]),
        (date(2027, 1, 1), [2027]),
    ],
)
def test_next_years_notice_is_expected_from_december(today: date, years: list[int]):
    assert health.years_expected(today) == years


def test_everything_in_the_rhythm_is_a_task_that_exists():
    app.loader.import_default_modules()
    for name, entry in schedule().items():
        assert entry["task"] in app.tasks, name


def test_a_look_missed_while_no_worker_ran_does_not_pile_up():
    for entry in schedule().values():
        if isinstance(entry["schedule"], int | float):
            assert entry["options"]["expires"] <= entry["schedule"]


def test_redis_away_answers_as_an_empty_cache():
    with override_settings(
        CACHES={
            "default": {
                "BACKEND": "config.cache.ForgivingRedisCache",
                "LOCATION": "unix:///nowhere/redis.sock",
            }
        }
    ):
        assert cache.get("a", 7) == 7
        cache.set("a", 1)
        assert cache.add("a", 1) is True and cache.incr("a", 2) == 2
        assert cache.get_many(["a"]) == {} and cache.delete("a") is False


def explode(request: object) -> HttpResponse:
    raise RuntimeError("secret detail")


def lose_database(request: object) -> HttpResponse:
    raise OperationalError("connection refused at 10.1.2.3")


urlpatterns = [path("boom", explode), path("api/boom", explode), path("away", lose_database)]
handler400, handler403 = errors.bad_request, errors.forbidden
handler404, handler500 = errors.not_found, errors.failed


@pytest.mark.django_db
@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("address", "status", "title"),
    [("/boom", 500, "这一步没有完成"), ("/away", 503, "系统暂时不能读写数据"), ("/none", 404, "没有这一页")],
)
def test_what_goes_wrong_is_said_without_its_insides(address: str, status: int, title: str):
    response = Client(raise_request_exception=False).get(address)
    text = response.content.decode()
    assert response.status_code == status and title in text
    assert response["X-Request-ID"] in text
    assert "secret detail" not in text and "10.1.2.3" not in text


@pytest.mark.django_db
@pytest.mark.urls(__name__)
@pytest.mark.parametrize(("address", "status"), [("/api/boom", 500), ("/api/none", 404)])
def test_under_the_api_it_is_problem_json(address: str, status: int):
    response = Client(raise_request_exception=False).get(address)
    assert response.status_code == status and response["Content-Type"] == "application/problem+json"
    assert response.json()["status"] == status and response.json()["request_id"]


@pytest.mark.django_db
def test_a_form_without_its_mark_is_refused_in_words():
    response = Client(enforce_csrf_checks=True).post("/healthz")
    assert response.status_code == 403 and "这张表单已经过期" in response.content.decode()
    assert User.objects.count() == 0


def test_an_unknown_host_is_refused(client: Client):
    response = client.get("/healthz", headers={"Host": "evil.example"})
    assert response.status_code == 400 and "服务器读不懂这次请求" in response.content.decode()
