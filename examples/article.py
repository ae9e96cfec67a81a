"""The two files that articles on recommenders start from, as they are.

``user_activity.csv`` (user_id, item_id, activity) and ``item_descriptions.csv`` (item_id,
description): no timestamps, no titles, no categories.  Run it with ``python examples/article.py``.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import penchant

DESCRIPTIONS = {
    "1": "A thrilling space adventure with rockets, robots and distant planets.",
    "2": "An astronaut repairs a space station while robots rebel on the planet below.",
    "3": "A cook opens a small bakery and learns to bake bread and cakes.",
    "4": "Recipes for fresh pasta, bread and sauces from an Italian cook.",
    "5": "A detective follows a trail of stolen paintings through Paris.",
    "6": "A murder in the museum: the detective suspects the painter.",
}
ACTIVITY = {
    "ann": "112", "bob": "121", "cleo": "334", "dan": "343", "eve": "556", "fay": "565",
    "gil": "123", "hal": "345", "ivy": "561", "jo": "12",
}  # fmt: skip


def write(folder: Path) -> tuple[Path, Path]:
    """Write both files into *folder*."""
    activity = [
        f"{user},{item},{'purchase' if place else 'view'}"
        for user, items in ACTIVITY.items()
        for place, item in enumerate(items)
    ]
    descriptions = [f'{item},"{text}"' for item, text in DESCRIPTIONS.items()]
    files = folder / "user_activity.csv", folder / "item_descriptions.csv"
    files[0].write_text("\n".join(["user_id,item_id,activity", *activity]) + "\n")
    files[1].write_text("\n".join(["item_id,description", *descriptions]) + "\n")
    return files


def main() -> None:
    """Fit on the two files and show what one person gets, and why."""
    with tempfile.TemporaryDirectory() as folder:
        model = penchant.Penchant().fit(penchant.load(*write(Path(folder))))
    print(model.interests().select("name", "items"))
    print(model.recommend("jo", k=3, explain=True).select("item_id", "rank", "reason"))


if __name__ == "__main__":
    main()
