"""One partner system over the interface: files requests and withdraws them, repeating each call until it is answered.

`python -m tests.drill.caller SITE FOLDER TOKEN`. A call that broke off is repeated with its Idempotency-Key, and one
in three is sent a second time although it was answered. While a call is open the file `calling` is held: the clock
does not jump past the day for which an answer is kept.
"""

from __future__ import annotations

import fcntl
import json
import signal
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

WORDS = "演练用的文字，写得足够长，说明情况、理由和处理办法。"
#: How long a call is repeated (seconds); a program is back long before.
PATIENCE = 30.0


class Caller:
    """Calls with a token, one after another."""

    def __init__(self, site: str, folder: Path, token: str) -> None:
        self.site, self.token = f"{site}/api/v1", token
        self.journal = (folder / "caller.jsonl").open("a", buffering=1)
        self.calling = (folder / "calling").open("w")
        self.running = True

    def stop(self, *_: object) -> None:
        self.running = False

    def run(self) -> None:
        number = 0
        while self.running:
            number += 1
            marker = f"drill-api-{number}"
            filed = self._call(marker, "submit", "/sharing-request/", self._facts(marker), number)
            if filed and number % 2:
                path = f"/sharing-request/{filed['number']}/withdraw/"
                self._call(marker, "withdraw", path, {"reason": WORDS}, number)
            time.sleep(0.5)

    def _call(self, marker: str, step: str, path: str, body: dict, number: int) -> dict[str, Any] | None:
        """The answer of a call that was carried out; None when it was refused or never answered."""
        fcntl.flock(self.calling, fcntl.LOCK_SH)
        try:
            end, tries, status, answer = time.monotonic() + PATIENCE, 0, 0, None
            while time.monotonic() < end and not (status and status < 500 and self._settled(status, answer)):
                tries += 1
                status, answer = self._send(path, body, f"{marker}-{step}")
                if status == 0 or status >= 500:
                    time.sleep(0.3)
            if number % 3 == 0 and status in (200, 201):
                again, other = self._send(path, body, f"{marker}-{step}")
                if again == status and other != answer:
                    status = -1  # the second answer is another one
        finally:
            fcntl.flock(self.calling, fcntl.LOCK_UN)
        line = {"marker": marker, "step": step, "status": status, "tries": tries}
        self.journal.write(json.dumps({**line, "code": (answer or {}).get("code", "")}) + "\n")
        return answer if status in (200, 201) else None

    def _settled(self, status: int, answer: dict | None) -> bool:
        """Whether this is the outcome; a call still being carried out, or one too many a minute, is asked again."""
        if status == 429 or (answer or {}).get("code") == "in-progress":
            time.sleep(0.5)
            return False
        return True

    def _send(self, path: str, body: dict[str, Any], key: str) -> tuple[int, dict[str, Any] | None]:
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json",
            "Idempotency-Key": key,
        }
        call = urllib.request.Request(self.site + path, json.dumps(body).encode(), headers)
        try:
            with urllib.request.urlopen(call, timeout=10) as answer:
                return answer.status, json.load(answer)
        except HTTPError as error:
            try:
                return error.code, json.load(error)
            except ValueError:
                return error.code, None
        except (OSError, ValueError):
            return 0, None  # nobody listens, or the answer was cut off

    def _facts(self, marker: str) -> dict[str, Any]:
        return {
            "subject": "DRILL-CAR",
            "scenario": f"{marker} {WORDS}",
            "purpose": "duty",
            "function": "JT-1",
            "purpose_basis": "《重庆市数据条例》第二十五条第三款",
            "items": ["station", "pm25"],
            "scope": "道路运输处 12 个账号",
            "modes": ["file", "api"],
            "first_day": "2028-01-01",
            "last_day": "2028-12-31",
            "contact": "陈静",
            "contact_phone": "023-12345678",
        }


def main() -> None:
    site, folder, token = sys.argv[1:]
    caller = Caller(site, Path(folder), token)
    signal.signal(signal.SIGTERM, caller.stop)
    caller.run()


if __name__ == "__main__":
    main()
