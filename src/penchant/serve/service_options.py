"""The command line's words for the service: ``serve``, ``keys`` and ``models``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

__all__ = ["EXAMPLES", "add_console", "add_keys", "add_models", "add_serve", "add_storing"]

EXAMPLES: Final = {
    "console": """\
  penchant console --model model/
  penchant console --store sqlite:///shop.db --console-port 8090
""",
    "serve": """\
  penchant serve
  penchant serve --model model/ --store sqlite:///shop.db
  penchant serve --store postgresql://shop@db/penchant --host 0.0.0.0 --workers 2
""",
    "models": """\
  penchant models list
  penchant models promote m68f2c1a2
  penchant models rollback
""",
    "store": """\
  penchant store backup monday/ --store sqlite:///shop.db
  penchant store restore monday/ --store postgresql://shop@db/penchant
  penchant store export files/
""",
    "keys": """\
  penchant keys create --name shop --scope ingest read
  penchant keys list
  penchant keys revoke 3f1c5a9b20de
""",
}

_SCOPES: Final = ("ingest", "read", "portrait", "admin", "view")


def add_serve(command: argparse.ArgumentParser) -> None:
    """Add the options of ``penchant serve``."""
    command.add_argument(
        "--model", type=Path, metavar="DIR", help="the model that the service starts from"
    )
    _store(command)
    command.add_argument("--host", help="where to listen (127.0.0.1; PENCHANT_HOST)")
    command.add_argument("--port", type=int, help="where to listen (8087; PENCHANT_PORT)")
    command.add_argument(
        "--console-port",
        type=int,
        metavar="PORT",
        help="where the web console listens (8088; PENCHANT_CONSOLE_PORT)",
    )
    command.add_argument("--no-console", action="store_true", help="start no web console")
    command.add_argument("--workers", type=int, default=1, metavar="N", help="processes (1)")
    command.add_argument(
        "--refit-after", type=int, metavar="N", help="fit again after N new events (a tenth)"
    )
    command.add_argument(
        "--refit-every",
        type=float,
        default=24.0,
        metavar="HOURS",
        help="fit again after so many hours with new events (24; 0: never)",
    )
    command.add_argument("--tls-certificate", metavar="FILE", help="serve HTTPS with it")
    command.add_argument("--tls-key", metavar="FILE", help="the certificate's key")


def add_console(command: argparse.ArgumentParser) -> None:
    """Add the options of ``penchant console``."""
    command.add_argument(
        "--model",
        type=Path,
        metavar="DIR",
        default=Path("model"),
        help="the model to look at, without a store",
    )
    command.add_argument(
        "--store",
        metavar="URL",
        help="the service to look at; its admin keys open it (none: a key of this run)",
    )
    command.add_argument("--host", default="127.0.0.1", help="where to listen (127.0.0.1)")
    command.add_argument(
        "--console-port", type=int, help="where to listen (8088; PENCHANT_CONSOLE_PORT)"
    )


def add_keys(command: argparse.ArgumentParser) -> None:
    """Add the actions of ``penchant keys``."""
    actions = command.add_subparsers(dest="action", metavar="ACTION", required=True)
    create = actions.add_parser("create", help="make a key and print it, once")
    create.add_argument("--name", default="", help="whose or what for")
    create.add_argument(
        "--scope",
        nargs="+",
        choices=_SCOPES,
        required=True,
        help="what it may do: send events (ingest), ask for lists (read), see personal data "
        "(portrait), everything (admin), look at the console and change nothing (view)",
    )
    listed = actions.add_parser("list", help="list keys, without their secrets")
    revoke = actions.add_parser("revoke", help="let a key open nothing any more")
    revoke.add_argument("id", help="of the key, as list shows it")
    for action in (create, listed, revoke):
        _store(action)


def add_models(command: argparse.ArgumentParser) -> None:
    """Add the actions of ``penchant models``."""
    actions = command.add_subparsers(dest="action", metavar="ACTION", required=True)
    listed = actions.add_parser("list", help="list models, with what they are and why")
    promote = actions.add_parser("promote", help="let a model serve")
    promote.add_argument("id", help="of the model, as list shows it")
    back = actions.add_parser("rollback", help="let the model serve that served before")
    for action in (listed, promote, back):
        _store(action)


def add_storing(command: argparse.ArgumentParser) -> None:
    """Add the actions of ``penchant store``."""
    actions = command.add_subparsers(dest="action", metavar="ACTION", required=True)
    backup = actions.add_parser("backup", help="copy store and models, while the service runs")
    back = actions.add_parser("restore", help="fill an empty store with a back-up")
    out = actions.add_parser("export", help="write events, items and users as Parquet files")
    into = actions.add_parser("import", help="store what such files hold; what is known stays")
    back.add_argument(
        "--key-file", type=Path, metavar="FILE", help="the back-up's key (the store's)"
    )
    for action in (backup, back, out, into):
        action.add_argument("folder", type=Path, metavar="DIR")
        _store(action)


def _store(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--store",
        metavar="URL",
        help="sqlite:///PATH or postgresql://… (PENCHANT_STORE; else a file of the user's)",
    )
