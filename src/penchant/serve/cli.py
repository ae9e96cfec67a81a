"""The command line: parses, runs one command, and turns every way of failing into an exit code.

    0 done · 2 wrong usage · 65 bad data · 69 something needed is not there · 70 our fault
    78 bad configuration · 130 interrupted

Commands import what they need when they run: ``--help`` must not wait for a library.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from typing import TypeAlias

from penchant.errors import PenchantError, UnavailableError, UsageError
from penchant.serve.options import parser

__all__ = ["main"]

Command: TypeAlias = Callable[[argparse.Namespace], int]
"""Runs with parsed options and returns the exit code."""

_OUR_FAULT = 70
_INTERRUPTED = 130
_REPORT = "This is a mistake in Penchant.  Please report it with what PENCHANT_DEBUG=1 prints."


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    Args:
        argv: Words after the program's name; None takes the process's.
    """
    try:
        code = _run(argv)
        sys.stdout.flush()
    except PenchantError as error:
        return _complain(str(error), error.hint, code=error.exit_code, error=error)
    except KeyboardInterrupt:
        return _complain("interrupted", code=_INTERRUPTED)
    except BrokenPipeError:
        return _reader_left()
    except Exception as error:  # noqa: BLE001  # the last place: nobody else says what went wrong
        return _complain(f"{type(error).__name__}: {error}", _REPORT, code=_OUR_FAULT, error=error)
    return code


def _run(argv: Sequence[str] | None) -> int:
    options = parser().parse_args(argv)
    if options.command is None:
        raise UsageError("penchant: no command given", hint="See: penchant --help")
    return _command(options.command)(options)


def _command(name: str) -> Command:
    if name == "doctor":
        return _doctor()
    if name == "demo":
        return _demo()
    if name == "evaluate":
        from penchant.serve.contest import evaluate  # noqa: PLC0415  # start-up time

        return evaluate
    if name in {"console", "serve", "keys", "models", "store"}:
        return _service_command(name)
    if name in {"explore", "llm", "tune"}:
        return _own_command(name)
    from penchant.serve.commands import COMMANDS  # noqa: PLC0415  # start-up time

    return COMMANDS[name]


def _doctor() -> Command:
    """Return the doctor, who looks at services too where that is installed."""
    from penchant.serve.doctor import doctor  # noqa: PLC0415  # start-up time

    try:
        from penchant.serve.examining import examine  # noqa: PLC0415  # start-up time
    except (ModuleNotFoundError, UnavailableError):
        return doctor
    return lambda options: doctor(options, also=examine)


def _demo() -> Command:
    """Return the demonstration, which ends with the service where that is installed."""
    from penchant.serve.demo import demo  # noqa: PLC0415  # start-up time

    try:
        from penchant.serve.serving import serve  # noqa: PLC0415  # start-up time
    except ModuleNotFoundError:
        return demo
    return lambda options: demo(options, then=serve)


def _own_command(name: str) -> Command:
    """Return a command that has a module of its own."""
    if name == "llm":
        from penchant.serve.llm import llm  # noqa: PLC0415  # start-up time

        return llm
    if name == "tune":
        from penchant.serve.tune import tune_settings  # noqa: PLC0415  # start-up time

        return tune_settings
    from penchant.serve.explore import explore  # noqa: PLC0415  # start-up time

    return explore


def _service_command(name: str) -> Command:
    """Return a command that needs an extra.

    Raises:
        UnavailableError: If it is not installed.
    """
    try:
        if name == "console":
            from penchant.serve.console.command import console  # noqa: PLC0415  # start-up time

            return console
        if name == "serve":
            from penchant.serve.serving import serve  # noqa: PLC0415  # start-up time

            return serve
        if name == "models":
            from penchant.serve.models import models  # noqa: PLC0415  # start-up time

            return models
        if name == "store":
            from penchant.serve.storing import store  # noqa: PLC0415  # start-up time

            return store
        from penchant.serve.keys import keys  # noqa: PLC0415  # start-up time
    except ModuleNotFoundError as error:
        raise UnavailableError(
            f"penchant {name} needs {error.name}",
            hint=f"Install it: pip install 'penchant[{'console,' * (name == 'console')}service]'.",
        ) from error
    return keys


def _complain(message: str, hint: str = "", *, code: int, error: Exception | None = None) -> int:
    if error is not None and os.environ.get("PENCHANT_DEBUG"):
        import traceback  # noqa: PLC0415  # start-up time

        traceback.print_exception(error)
    line = " ".join(message.split())
    print(line if line.startswith("penchant") else f"penchant: {line}", file=sys.stderr)
    if hint:
        print(hint, file=sys.stderr)
    return code


def _reader_left() -> int:
    """Whoever read our output has enough of it: end quietly, also when Python flushes at exit."""
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, sys.stdout.fileno())
    os.close(devnull)
    return 0
