"""One visitor over HTTP: signs in and looks at pages. `python -m tests.drill.visitor SITE JOURNAL PASSWORD`

Writes one JSON line an answer: the path, the status (0: no connection), and the real time in seconds.
"""

from __future__ import annotations

import json
import signal
import sys
import time
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode

PATHS = (
    "/",
    "/catalog/",
    "/catalog/DRILL-CAR/",
    "/datacentre/grants/",
    "/notices/",
    "/workdays/",
    "/healthz",
)


class Visitor:
    """A browser with cookies and nothing else."""

    def __init__(self, site: str, journal: Path, password: str) -> None:
        self.site, self.password = site, password
        self.journal = journal.open("a", buffering=1)
        self.jar = CookieJar()
        self.browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))
        self.running = True

    def stop(self, *_: object) -> None:
        self.running = False

    def ask(self, path: str, form: dict[str, str] | None = None) -> int:
        status, begun = 0, time.time()
        data = None
        if form is not None:
            token = next((c.value for c in self.jar if "csrf" in c.name), "")
            data = urlencode({**form, "csrfmiddlewaretoken": token or ""}).encode()
        try:
            with self.browser.open(self.site + path, data, timeout=10) as answer:
                answer.read()
                status = answer.status
        except HTTPError as error:
            status = error.code
        except OSError:
            pass  # nobody listens just now: the status stays 0
        line = {"path": path, "status": status, "at": begun, "until": time.time()}
        self.journal.write(json.dumps(line) + "\n")
        return status

    def run(self) -> None:
        while self.running:
            if not any("session" in cookie.name for cookie in self.jar):
                self.ask("/login/")
                self.ask("/login/", {"username": "requester", "password": self.password})
            for path in PATHS:
                if self.running and self.ask(path) == 0:
                    time.sleep(0.3)
                time.sleep(0.1)


def main() -> None:
    site, journal, password = sys.argv[1:]
    visitor = Visitor(site, Path(journal), password)
    signal.signal(signal.SIGTERM, visitor.stop)
    visitor.run()


if __name__ == "__main__":
    main()
