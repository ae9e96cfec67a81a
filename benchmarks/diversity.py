"""What ``--diversity`` and ``--calibration`` cost and gain, on events held back.

usage: python benchmarks/diversity.py --data FOLDER [--sets NAME,…]

FOLDER and cuts are those of quality.py.  One model is fitted on each data set; its lists of ten are
measured at each diversity (d) and each calibration (c), for the same users:

    nDCG@10      and its paired difference to the plain lists
    interests    how many different interests the items of a list touch
    distances    1 − mean cosine of the pairs of a list, by interests and by texts
    divergence   of the lists' shares of interests from the portraits', in bits
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import numpy as np
import numpy.typing as npt
from holdout import Cut, cut
from quality import GOALS, SPLITS, K, as_rows, measure

import penchant
from penchant.interests.features import touches
from penchant.metrics import breadth, difference, diversity, kullback_leibler, unit_rows
from penchant.rank.calibration import shares_of

STEPS = {"diversity": (0.0, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0), "calibration": (0.1, 0.2, 0.3, 0.5, 1.0)}
FORMS = ("ndcg", "interests", "by interest", "by text", "divergence")

PerUser = dict[str, npt.NDArray[np.float64]]


def fitted(data: Cut, folder: Path, how: str) -> penchant.Penchant:
    """Return a model of what came before the cut."""
    with tempfile.TemporaryDirectory() as place:
        data.raw.write_parquet(Path(place) / "train.parquet")
        train = penchant.load(Path(place) / "train.parquet", folder / "items.parquet")
    return penchant.Penchant(seed=0, goal=GOALS[how]).fit(train)


def found(model: penchant.Penchant, data: Cut, setting: dict[str, float]) -> PerUser:
    """Return what lists at a setting are, by tested user."""
    names = [data.users[at] for at in data.tested]
    table = model.recommend(names, k=K, **setting)
    lists = as_rows(table, data.tested, data)
    row = np.append(model.fitted.items.rows(data.items), -1)  # −1, an empty place, stays −1
    own = row[lists]
    V, everybody = model.item_interests, model.fitted.histories
    known = everybody.take(model.fitted.users.rows(names))
    portraits = shares_of(model.fitted.portraits.strengths(known).toarray())
    listed = np.stack([shares_of(V[one[one >= 0]].toarray()).mean(axis=0) for one in own])
    return {
        "ndcg": measure(lists, data)["ndcg"],
        "interests": breadth(own, touch=touches(V)),
        "by interest": diversity(own, vectors=unit_rows(V.toarray())),
        "by text": diversity(own, vectors=model.item_vectors),
        "divergence": kullback_leibler(portraits.astype(float), listed.astype(float)),
    }


def rows_of(name: str, model: penchant.Penchant, data: Cut) -> list[str]:
    """Return rows of the table for one data set."""
    rows: list[str] = []
    plain: PerUser = {}
    for name_of, step in [(name, step) for name, steps in STEPS.items() for step in steps]:
        one = found(model, data, {name_of: step})
        plain = plain or one
        gap = difference(one["ndcg"], plain["ndcg"])
        cells = []
        for form in FORMS:
            value, before = np.nanmean(one[form]), np.nanmean(plain[form])
            change = f" ({value / before - 1:+.1%})" if step else ""
            cells.append(f"{value:.{2 if form == 'interests' else 4}f}{change}")
        cells.insert(1, f"{gap.value:+.4f} ({gap.low:+.4f}–{gap.high:+.4f})" if step else "–")
        rows.append(f"| {name} | {name_of[0]} {step:g} | {' | '.join(cells)} |")
        print(rows[-1], flush=True)
    return rows


def main() -> int:
    """Run as a command."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--sets", default=",".join(SPLITS), help="default: %(default)s")
    options = parser.parse_args()
    titles = (
        "data",
        "at",
        "nDCG@10",
        "difference",
        "interests",
        "by interest",
        "by text",
        "divergence",
    )
    print(f"| {' | '.join(titles)} |\n{'|---' * len(titles)}|")
    for name in options.sets.split(","):
        how = SPLITS.get(name, "time")
        data = cut(options.data / name, how)
        rows_of(name, fitted(data, options.data / name, how), data)
    return 0


if __name__ == "__main__":
    sys.exit(main())
