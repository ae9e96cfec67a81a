"""What a generator reads in histories: a second opinion on portraits, and what the taxonomy lacks.

    sample       users spread evenly over activity, from the least to the most active
    told         interests by their names, or "other", with words of its own; keywords; sentiment
    agreement    share of the told interests that are among as many of U's most telling ones
    by chance    the same where everybody's answer is held against somebody else's U
    proposals    "other" answers of three users and more, made of words that three texts have

Nothing here enters U or a list: a history that speaks to the generator can say something wrong of
one reader, and proposes nothing alone.  Only the events that are given are read: training rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from penchant.data.dataset import Histories
from penchant.interests.taxonomy import Taxonomy
from penchant.interests.wording import key_of
from penchant.llm.ask import Asker, Task
from penchant.llm.base import Json
from penchant.llm.prompts import load_prompt
from penchant.llm.quoting import plain
from penchant.llm.schema import choice, items, record, text
from penchant.text.documents import history_document
from penchant.text.keywords import singular
from penchant.text.language import content_words, is_chinese
from penchant.types import Columns, Matrix, Progress, Rows, silent

__all__ = ["Reading", "read_histories", "sample"]

_EVENTS: Final = 40
_TITLE: Final = 40
_WORDS: Final = 120
_INTERESTS: Final = 8
_OTHERS: Final = 3
_KEYWORDS: Final = 6
_PHRASE: Final = 32
_RECURS: Final = 3
"""Users that say the same "other", and texts that have its words, before it is proposed."""

_SENTIMENTS: Final = ("for", "mixed", "against")


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read in histories.

    Attributes:
        users: Rows of the users that were read, ``(n,)``.
        told: Columns of U that each was told to like, strongest first.
        keywords: What recurs in each history, by the generator.
        sentiments: ``for``, ``mixed`` or ``against``, of each.
        agreement: Mean over the users told anything, in [0, 1].
        by_chance: The same against another user's U.
        proposals: Interests that the taxonomy may lack, and how many users they were told of.
    """

    users: Rows
    told: list[Rows]
    keywords: list[list[str]]
    sentiments: list[str]
    agreement: float
    by_chance: float
    proposals: list[tuple[str, int]]

    def said(self) -> str:
        """Return it in words."""
        said = f"{len(self.users)} read, agreement with U {self.agreement:.2f} "
        said += f"(by chance {self.by_chance:.2f})"
        if self.proposals:
            listed = ", ".join(f"{name} ({count} users)" for name, count in self.proposals)
            said += f"; interests that may be lacking: {listed}"
        return said


def sample(histories: Histories, *, most: int) -> Rows:
    """Return the rows of at most *most* users with events, spread evenly over activity."""
    counts = np.diff(histories.indptr)
    order = np.argsort(counts, kind="stable")
    order = order[counts[order] > 0]
    places = np.unique(np.linspace(0, len(order) - 1, min(most, len(order))).astype(np.int64))
    return order[places].astype(np.int32) if len(order) else np.empty(0, np.int32)


def read_histories(
    histories: Histories,
    U: Matrix,
    taxonomy: Taxonomy,
    asker: Asker,
    *,
    users: Rows,
    titles: Sequence[str],
    texts: Sequence[str],
    progress: Progress = silent,
) -> Reading:
    """Return what the generator reads in the histories of *users*.

    Args:
        histories: Of all users, training events alone.
        U: Strengths, ``(len(users), n_leaves)``.
        taxonomy: Named.
        asker: Asks the generator.
        users: Rows to read, as from `sample`.
        titles: Of the items.
        texts: Distinct texts of the catalogue, which bear out what is proposed.
        progress: Is told how many histories are read.
    """
    names = taxonomy.leaf_names
    listed = "\n".join(f"- {name}" for name in names)
    chinese = 2 * sum(map(is_chinese, names)) > len(names)
    inputs = [
        {"interests": listed, "history": _document(histories.take([row]), titles)}
        for row in users.tolist()
    ]
    answers = asker.ask(_task(names, chinese=chinese), inputs, progress=progress)
    read = [at for at, answer in enumerate(answers) if answer is not None]
    told = [_columns(answers[at], names) for at in read]
    return Reading(
        users=users[read],
        told=told,
        keywords=[_plain(answers[at]["keywords"]) for at in read],
        sentiments=[answers[at]["sentiment"] for at in read],
        agreement=_agreement(told, read, U),
        by_chance=_agreement(told, [*read[1:], *read[:1]], U),
        proposals=_proposals([_plain(answers[at]["other"]) for at in read], taxonomy, texts),
    )


def _task(names: Sequence[str], *, chinese: bool) -> Task:
    shape = record(
        interests=items(choice(names), _INTERESTS),
        other=items(text(_PHRASE, shortest=2), _OTHERS),
        keywords=items(text(_PHRASE, shortest=2), _KEYWORDS),
        sentiment=choice(_SENTIMENTS),
    )
    return Task(load_prompt("read-history", "zh" if chinese else "en"), shape, max_tokens=220)


def _document(history: Histories, titles: Sequence[str]) -> str:
    """Return the latest events of one history as dated text."""
    items_, kinds, ages = history.item[-_EVENTS:], history.done()[-_EVENTS:], history.ages()
    shown = [plain(titles[item] or "", longest=_TITLE) for item in items_.tolist()]
    return history_document(shown, kinds, ages[-_EVENTS:].tolist(), words=_WORDS)


def _columns(answer: Json, names: Sequence[str]) -> Rows:
    said = dict.fromkeys(answer["interests"])
    return np.array([names.index(one) for one in said], np.int32)


def _plain(phrases: Sequence[str]) -> list[str]:
    said = (plain(one, longest=_PHRASE) for one in phrases)
    return list(dict.fromkeys(one for one in said if any(map(str.isalpha, one))))


def _agreement(told: Sequence[Rows], rows: Sequence[int], U: Matrix) -> float:
    """Return the mean share of the interests told that are among as many of U's first."""
    dense = U.toarray()
    telling = dense / np.maximum(dense.mean(axis=0), 1e-9) * np.sqrt(dense)
    shares = [
        np.isin(some, np.argsort(-telling[row], kind="stable")[: len(some)]).mean()
        for some, row in zip(told, rows, strict=True)
        if len(some)
    ]
    return float(np.mean(shares)) if shares else 0.0


def _proposals(
    others: Sequence[Sequence[str]], taxonomy: Taxonomy, texts: Sequence[str]
) -> list[tuple[str, int]]:
    """Return what several users were told of and no interest is called, most users first."""
    table = taxonomy.table
    known = {key_of(name) for name in table[Columns.NAME].to_list()}
    known |= {key_of(word) for words in table["keywords"].to_list() for word in words}
    tellers: dict[str, list[str]] = {}
    for said in others:
        for key, one in {key_of(one): one for one in said}.items():
            tellers.setdefault(key, []).append(one)
    bags = [{singular(word) for word in content_words(text)} for text in texts]
    found = [
        (forms[0], len(forms))
        for key, forms in tellers.items()
        if key not in known and len(forms) >= _RECURS and _borne_out(forms[0], bags)
    ]
    return sorted(found, key=lambda one: (-one[1], one[0]))


def _borne_out(phrase: str, bags: Sequence[set[str]]) -> bool:
    words = {singular(word) for word in content_words(phrase)}
    return bool(words) and sum(words <= bag for bag in bags) >= _RECURS
