"""Small made worlds for tests: every answer in them is known.

    checkerboard  users and items of the same parity meet, except user i and item i
    shop          a shop of six topics, in English and Chinese, a year of events, some regrets

`Dataset` objects are built here directly, without the loader, so that a test of a later room fails
for that room's reasons only; `write` puts a world into files for tests of the whole way.
"""

from pathlib import Path

import numpy as np
import polars as pl

from penchant.data.dataset import Dataset
from penchant.types import DAY, Vocabulary

__all__ = ["SHOP_TOPICS", "checkerboard", "dataset", "item_frame", "shop", "shop_topics", "write"]

START = 1_700_000_000
"""The first moment of every world."""

WEIGHTS = {"purchase": 1.0, "view": 0.2, "review": 0.9, "return": -1.0, "interaction": 0.5}


def dataset(events, items, *, users=None, half_life=60.0, has_time=True):
    """Build a Dataset from raw events and items.

    Args:
        events: A frame or list of dictionaries with ``user_id, item_id, timestamp`` and, where
            wanted, ``event, value, text, dwell, weight``.
        items: A frame or list of dictionaries with ``item_id`` and any other columns.
        users: The same with ``user_id``; None takes the users of the events as they come.
        half_life: Days, for every event.
        has_time: Whether timestamps are moments.
    """
    events, items = pl.DataFrame(events, infer_schema_length=None), item_frame(items)
    known = items["item_id"].to_list()
    item_ids = Vocabulary.of([*known, *events["item_id"].to_list()])
    users = pl.DataFrame({"user_id": []}, schema={"user_id": pl.String}) if users is None else users
    users = pl.DataFrame(users, infer_schema_length=None)
    user_ids = Vocabulary.of([*users["user_id"].to_list(), *events["user_id"].to_list()])
    late = pl.DataFrame({"item_id": list(item_ids.ids[len(known) :])}, schema={"item_id": str})
    late = late.with_columns(title="item_id")
    extra = pl.DataFrame({"user_id": list(user_ids.ids[len(users) :])}, schema={"user_id": str})
    return Dataset(
        users=user_ids,
        items=item_ids,
        events=_event_frame(events, user_ids, item_ids, half_life),
        item_table=pl.concat([items, late], how="diagonal"),
        user_table=pl.concat([users, extra], how="diagonal"),
        has_time=has_time,
    )


def _event_frame(events, users, items, half_life):
    optional = {"event": pl.String, "value": pl.Float64, "text": pl.String, "dwell": pl.Float64}
    lacking = [pl.lit(None, dtype=t).alias(n) for n, t in optional.items() if n not in events]
    events = events.with_columns(lacking).with_columns(pl.col("event").fill_null("interaction"))
    if "weight" not in events:
        events = events.with_columns(
            weight=pl.col("event").replace_strict(WEIGHTS, default=0.5, return_dtype=pl.Float64)
        )
    return (
        events.with_columns(
            user=pl.Series(users.rows(events["user_id"].to_list())),
            item=pl.Series(items.rows(events["item_id"].to_list())),
            weight=pl.col("weight").cast(pl.Float32),
            half_life=pl.lit(half_life, dtype=pl.Float32),
            suspicious=pl.lit(value=False),
            timestamp=pl.col("timestamp").cast(pl.Int64),
        )
        .select(
            *("user", "item", "event", "value", "timestamp", "text", "dwell"),
            *("weight", "half_life", "suspicious"),
        )
        .sort("timestamp", maintain_order=True)
    )


def item_frame(items):
    """Give *items* every column that a Dataset's table of items has."""
    schema = {
        "item_id": pl.String,
        "title": pl.String,
        "description": pl.String,
        "categories": pl.List(pl.String),
        "brand": pl.String,
        "price": pl.Float64,
        "available": pl.Boolean,
        "duplicate_of": pl.String,
    }
    items = pl.DataFrame(items, infer_schema_length=None)
    lacking = [pl.lit(None, dtype=t).alias(n) for n, t in schema.items() if n not in items]
    items = items.with_columns(lacking)
    others = [name for name in items.columns if name not in schema]
    return items.select(*(pl.col(n).cast(t) for n, t in schema.items()), *others).with_columns(
        title=pl.col("title").fill_null(pl.col("item_id")),
        categories=pl.col("categories").fill_null([]),
        available=pl.col("available").fill_null(value=True),
    )


def checkerboard(n=20, *, holes=True):
    """Return *n* users and *n* items where user ``u{i}``'s one right unseen item is ``i{i}``.

    Users met every item of their own parity but the one of their own number (with ``holes=False``
    that one too).  Each user meets the items in an order of its own, an hour apart.
    """
    events = [
        {
            "user_id": f"u{user}",
            "item_id": f"i{item}",
            "timestamp": START + 3600 * ((item - user) % n) + user,
        }
        for user in range(n)
        for item in range(user % 2, n, 2)
        if not (holes and item == user)
    ]
    colours = ("white", "black")
    items = [
        {
            "item_id": f"i{item}",
            "title": f"{colours[item % 2]} square",
            "categories": [colours[item % 2]],
        }
        for item in range(n)
    ]
    users = [{"user_id": f"u{user}"} for user in range(n)]
    return dataset(sorted(events, key=lambda e: e["timestamp"]), items, users=users)


SHOP_TOPICS = {
    "coffee": {
        "category": "Coffee & Tea",
        "things": ["espresso beans", "coffee grinder", "filter coffee", "milk frother", "moka pot"],
        "chinese": ["意式浓缩咖啡豆", "手冲咖啡壶", "咖啡研磨机"],
        "sentence": "For fresh roasted coffee every morning, with a rich aroma.",
        "sentence_zh": "新鲜烘焙的咖啡，香气浓郁，适合每天早晨饮用。",
    },
    "garden": {
        "category": "Garden",
        "things": ["rose seeds", "garden hose", "flower pot", "potting soil", "pruning shears"],
        "chinese": ["玫瑰花种子", "园艺剪刀", "陶瓷花盆"],
        "sentence": "For plants and flowers in your garden or on the balcony.",
        "sentence_zh": "适合花园和阳台上的植物与花卉种植。",
    },
    "toys": {
        "category": "Toys",
        "things": ["wooden train", "building blocks", "teddy bear", "jigsaw puzzle", "toy car"],
        "chinese": ["木制玩具火车", "儿童积木", "毛绒玩具熊"],
        "sentence": "A toy that children love to play with for hours.",
        "sentence_zh": "孩子们喜欢的玩具，可以玩上几个小时。",
    },
    "running": {
        "category": "Running",
        "things": ["running shoes", "sports watch", "running shorts", "water belt", "race socks"],
        "chinese": ["马拉松跑鞋", "运动手表", "跑步短裤"],
        "sentence": "Made for runners training for a marathon.",
        "sentence_zh": "专为马拉松训练的跑步者设计。",
    },
    "music": {
        "category": "Music",
        "things": ["jazz record", "guitar strings", "piano book", "drum sticks", "violin case"],
        "chinese": ["爵士乐唱片", "吉他琴弦", "钢琴乐谱"],
        "sentence": "For musicians and lovers of jazz and classical music.",
        "sentence_zh": "献给音乐家以及爵士乐和古典音乐爱好者。",
    },
    "cooking": {
        "category": "Kitchen",
        "things": ["frying pan", "chef knife", "cutting board", "soup ladle", "baking tray"],
        "chinese": ["不粘平底锅", "厨师刀", "竹制砧板"],
        "sentence": "A kitchen tool for cooking dinner and baking bread.",
        "sentence_zh": "适合做晚餐和烘焙面包的厨房用具。",
    },
}
"""Topics of the shop; the order is the order of the catalogue."""

_ADJECTIVES = ("Classic", "Deluxe", "Small")
_COLD = 1
"""Items of each topic that nobody has met, its last ones."""


def _shop_items():
    items = []
    for topic, words in SHOP_TOPICS.items():
        titles = [f"{a} {t}" for a in _ADJECTIVES[:2] for t in words["things"]]
        rows = [(title, words["sentence"]) for title in titles]
        rows += [(title, words["sentence_zh"]) for title in words["chinese"]]
        rows.append((f"{_ADJECTIVES[2]} {words['things'][0]}", words["sentence"]))
        items += [
            {
                "item_id": f"{topic}-{number:02d}",
                "title": title,
                "description": f"{title}. {text}",
                "categories": [words["category"]],
                "brand": f"Brand {number % 4}",
                "price": 5.0 + number,
                "topic": topic,
            }
            for number, (title, text) in enumerate(rows)
        ]
    return items


def shop_topics(data):
    """Return the topic of each item of a shop, in the order of its items."""
    return data.item_table["topic"].to_list()


def shop(seed=0, *, users=60, events_each=25, span=365):
    """Return a shop where user ``u{i}`` has a main topic (85 %) and a second one.

    The main topic is number ``i % 6`` of `SHOP_TOPICS`, the second number ``(i + 1 + i // 6) % 6``
    (or the one after the main one where these fall together).  84 items, 14 a topic, of which the
    last of each topic is cold (no event).  Events: views, purchases (a fifth of them bought again
    a month later), reviews with text, returns (negative), over *span* days.
    """
    rng = np.random.default_rng(seed)
    items = _shop_items()
    topics = list(SHOP_TOPICS)
    size = len(items) // len(topics)
    popularity = 1 / np.arange(1, size - _COLD + 1) ** 0.7
    popularity /= popularity.sum()
    events = []
    for user in range(users):
        main, second = user % 6, (user + 1 + user // 6) % 6
        second = (main + 1) % 6 if second == main else second
        for _ in range(events_each):
            topic = main if rng.random() < 0.85 else second
            item = topic * size + int(rng.choice(size - _COLD, p=popularity))
            when = START + int(rng.integers(0, (span - 31) * DAY))
            events += _visit(rng, f"u{user}", items[item]["item_id"], when)
    events.sort(key=lambda event: event["timestamp"])
    table = [{"user_id": f"u{user}", "age": 20 + user % 50} for user in range(users)]
    return dataset(events, items, users=table)


def _visit(rng, user, item, when):
    """Return the events of one visit: a view, or a purchase with what followed from it."""

    def event(kind, after=0, **more):
        row = {"user_id": user, "item_id": item, "event": kind, "timestamp": when + after}
        return {"value": None, "text": None, **row, **more}

    draw = rng.random()
    if draw < 0.45:
        return [event("view")]
    rows = [event("view"), event("purchase", 60, value=float(rng.integers(1, 4)))]
    if draw > 0.9:
        rows.append(event("purchase", 30 * DAY, value=1.0))
    elif draw > 0.84:
        rows.append(event("return", 3 * DAY))
    elif draw > 0.74:
        rows.append(event("review", 5 * DAY, value=5.0, text="Love it, works very well."))
    return rows


def write(data, folder, fmt="parquet"):
    """Write *data* as files that a user would have and return (interactions, items, users).

    Args:
        data: What to write.
        folder: Where to; made if it is not there.
        fmt: ``parquet``, ``csv`` or ``jsonl``.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    events = data.events.select(
        pl.Series("user_id", [data.users.ids[row] for row in data.user.tolist()]),
        pl.Series("item_id", [data.items.ids[row] for row in data.item.tolist()]),
        *("event", "value", "timestamp", "text"),
    )
    items = data.item_table.drop("duplicate_of")
    paths = []
    for name, frame in ("interactions", events), ("items", items), ("users", data.user_table):
        path = folder / f"{name}.{fmt}"
        if fmt == "parquet":
            frame.write_parquet(path)
        elif fmt == "csv":
            lists = [n for n, t in frame.schema.items() if isinstance(t, pl.List)]
            frame.with_columns(pl.col(n).list.join("|") for n in lists).write_csv(path)
        else:
            frame.write_ndjson(path)
        paths.append(path)
    return tuple(paths)
