"""How web, worker and beat are started: `python -m config.serve web`, by `make run` and in a deployment alike.

BIND, PORT, WEB_WORKERS, WEB_THREADS, WORKER_PROCESSES and DATA_DIR come from the environment. The process becomes
the program (exec), so that signals reach it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

# Two processes of four threads for two cores: each thread keeps its database connection, so a web container holds
# WEB_WORKERS × WEB_THREADS of them. An idle thread stays ten minutes, as long as Django keeps its connection.
_WEB = (
    "granian --interface wsgi --no-ws --host {BIND} --port {PORT} --workers {WEB_WORKERS}"
    " --blocking-threads {WEB_THREADS} --blocking-threads-idle-timeout 600"
    " --respawn-failed-workers --workers-kill-timeout 10 config.wsgi:application"
)
_WORKER = (
    "celery -A config worker --concurrency {WORKER_PROCESSES} --loglevel INFO"
    " --without-gossip --without-mingle --without-heartbeat"
)
_BEAT = "celery -A config beat --loglevel INFO --pidfile= -s {DATA_DIR}/beat-schedule"

_COMMANDS = {"web": _WEB, "worker": _WORKER, "beat": _BEAT}
_DEFAULTS = {
    "BIND": "127.0.0.1",
    "PORT": "8000",
    "WEB_WORKERS": "2",
    "WEB_THREADS": "4",
    "WORKER_PROCESSES": "2",
    "DATA_DIR": ".data",
}


def command(program: str, environment: Mapping[str, str]) -> list[str]:
    """The command line of web, worker or beat under that environment. Raises KeyError for another name."""
    values = {name: environment.get(name) or default for name, default in _DEFAULTS.items()}
    return [sys.executable, "-m", *(word.format(**values) for word in _COMMANDS[program].split())]


def main(arguments: list[str]) -> None:
    if len(arguments) != 1 or arguments[0] not in _COMMANDS:
        sys.exit(f"用法：python -m config.serve {'|'.join(_COMMANDS)}")
    argv = command(arguments[0], os.environ)
    os.execv(argv[0], argv)


if __name__ == "__main__":
    main(sys.argv[1:])
