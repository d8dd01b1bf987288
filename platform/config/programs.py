"""A program that runs as a child of this process and never outlives it.

Every child leads a process group of its own, so that Ctrl-C in a terminal reaches only the parent, which then stops
the children in order; and the kernel is asked to end the child when the parent dies by a signal nobody can catch.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

_PR_SET_PDEATHSIG = 1
_LOG_LIMIT = 20 * 1024 * 1024


def die_with_parent(sig: signal.Signals, *, of: int | None = None) -> Callable[[], None] | None:
    """What a process calls to be sent `sig` when its parent dies; None where the system has no such thing.

    `of` is the parent: this process, whose child will call it, unless named.
    """
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)
    parent = os.getpid() if of is None else of

    def ask() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, int(sig))
        if os.getppid() != parent:  # the parent died before the kernel was asked
            os.kill(os.getpid(), sig)

    return ask


class Program:
    """One child: its command, its log (in `logs`, one file a program), and how it is asked to stop."""

    stop_signal = signal.SIGTERM
    stop_seconds = 20.0

    def __init__(
        self,
        name: str,
        argv: Sequence[str],
        log: Path,
        env: Mapping[str, str] | None = None,
        cwd: Path = Path("/"),
    ) -> None:
        self.name = name
        self.argv = list(argv)
        self.log = log
        self.env = env
        self.cwd = cwd
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._spawn(self.argv)

    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def ended(self) -> str:
        """How the child ended: its exit code, or the signal that ended it."""
        code = self.process.returncode if self.process else None
        if code is not None and code < 0:
            return signal.Signals(-code).name
        return f"退出码 {code}"

    def ask_to_stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(self.stop_signal)

    def stop(self) -> None:
        """Ask, wait, and end by force what does not listen; then the rest of the group, if the child left any."""
        if self.process is None:
            return
        self.ask_to_stop()
        try:
            self.process.wait(timeout=self.stop_seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.clear_group()

    def clear_group(self) -> None:
        """End what a dead child left behind in its process group."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def _spawn(self, argv: Sequence[str], **options: Any) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > _LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                argv,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.cwd,
                env=None if self.env is None else dict(self.env),
                start_new_session=True,
                preexec_fn=die_with_parent(self.stop_signal),
                **options,
            )
