"""A small bilingual shop, from nothing to explained lists: run it with ``python examples/shop.py``.

Everything is made here, so it runs offline in seconds.
"""

from __future__ import annotations

import polars as pl

import penchant

SHELVES = {
    "coffee": ["espresso beans", "moka pot", "coffee grinder", "paper coffee filters", "咖啡豆"],
    "garden": ["tomato seeds", "garden hose", "watering can", "pruning shears", "园艺手套"],
    "toys": ["wooden train set", "jigsaw puzzle", "building blocks", "toy kitchen", "儿童积木"],
    "cycling": ["bicycle helmet", "bike pump", "inner tube", "cycling gloves", "自行车车灯"],
}


def catalogue() -> pl.DataFrame:
    """Return the items: ``item_id, title, categories``."""
    rows = [
        (f"{shelf}-{number}", title, [shelf])
        for shelf, titles in SHELVES.items()
        for number, title in enumerate(titles)
    ]
    return pl.DataFrame(rows, schema=["item_id", "title", "categories"], orient="row")


def purchases() -> pl.DataFrame:
    """Return what 40 people bought: mostly from one shelf, now and then from the next."""
    shelves = list(SHELVES)
    rows = []
    for person in range(40):
        for step in range(6):
            shelf = shelves[(person + step // 5) % len(shelves)]
            item = f"{shelf}-{(person // 4 + step) % 5}"
            rows.append(
                (f"u{person}", item, "purchase", 1_700_000_000 + 86_400 * (6 * step) + person)
            )
    return pl.DataFrame(rows, schema=["user_id", "item_id", "event", "timestamp"], orient="row")


def main() -> None:
    """Fit, and ask for everything once."""
    items = catalogue()
    data = penchant.load(purchases(), items)
    model = penchant.Penchant(seed=0).fit(data)
    print("Interests:", model.interests()["name"].to_list())
    print(model.portrait("u0").select("name", "strength", "lift"))
    print(model.recommend("u0", k=3, explain=True).select("item_id", "reason"))
    print(model.recommend(like=["something for gardening"], k=3)["item_id"].to_list())
    print(model.recommend(like=["给孩子的玩具"], k=3)["item_id"].to_list())


if __name__ == "__main__":
    main()
