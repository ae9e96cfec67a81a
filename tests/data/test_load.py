"""The whole way from files to a data set: counts add up, order is no matter, nothing is lost."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from penchant.config import Settings
from penchant.data.load import load
from penchant.data.report import DataReport
from penchant.errors import DataError
from worlds import checkerboard, shop, write

IDS = st.one_of(
    st.sampled_from(["007", "7", "u 1", "张三", "nan", "", " ", "12.0", None, 'a"b', "x,y"]),
    st.text(st.characters(categories=["L", "N"]), max_size=4),
)
ROWS = st.lists(
    st.tuples(
        IDS,
        IDS,
        st.sampled_from(["view", "purchase", "dislike", None]),
        st.sampled_from(["1700000000", "1700000060", "-1", "soon", "9999999999999", None]),
    ),
    max_size=15,
)
GOOD = [(f"u{n}", f"i{n}", "view", str(1_700_000_000 + n)) for n in range(25)]
NAMES = ["user_id", "item_id", "event", "timestamp"]


def raw(rows):
    return pl.DataFrame(rows, schema=dict.fromkeys(NAMES, pl.String), orient="row")


def events(data):
    """Return the events of *data* as a user would write them."""
    return data.events.select(
        pl.Series("user_id", data.users.ids).gather(data.events["user"]),
        pl.Series("item_id", data.items.ids).gather(data.events["item"]),
        *("event", "value", "timestamp", "text", "dwell"),
    )


def test_the_pair_of_the_article_works_as_it_is(tmp_path):
    (tmp_path / "user_activity.csv").write_text(
        "user_id,item_id,activity\n1,10,view\n1,11,purchase\n2,10,like\n2,12,view\n"
    )
    (tmp_path / "item_descriptions.csv").write_text(
        'item_id,description\n10,"A wooden train, for children"\n11,<p>Green tea</p>\n12,绿茶\n'
    )

    data = load(tmp_path / "user_activity.csv", tmp_path / "item_descriptions.csv")

    assert data.users.ids == ("1", "2")
    assert data.items.ids == ("10", "11", "12")
    assert data.events["event"].to_list() == ["view", "purchase", "like", "view"]
    assert data.item_table["title"].to_list() == [
        "A wooden train, for children",
        "Green tea",
        "绿茶",
    ]
    assert not data.has_time


@settings(max_examples=40, deadline=None)
@given(ROWS)
def test_counts_add_up(rows):
    data = load(raw([*GOOD, *rows]), now=1_750_000_000)
    (report,) = data.report.files

    assert report.read == len(GOOD) + len(rows)
    assert report.read == report.kept + report.merged + sum(report.dropped.values())
    assert report.kept == len(data.events)


@settings(max_examples=40, deadline=None)
@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(rows, random):
    shuffled = [*GOOD, *rows]
    random.shuffle(shuffled)

    one = load(raw([*GOOD, *rows]), now=1_750_000_000)
    other = load(raw(shuffled), now=1_750_000_000)

    assert one.events.equals(other.events)
    assert (one.users, one.items) == (other.users, other.items)
    assert one.report.dropped == other.report.dropped


@settings(max_examples=40, deadline=None)
@given(ROWS)
def test_cleaning_what_is_clean_changes_nothing(rows):
    once = load(raw([*GOOD, *rows]), now=1_750_000_000)
    twice = load(events(once), now=1_750_000_000)

    assert events(twice).equals(events(once))
    assert twice.events["weight"].equals(once.events["weight"])
    assert twice.report.dropped == {}
    assert twice.report.merged == 0


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(st.characters(categories=["L", "Nd"]), min_size=1), min_size=1))
def test_ids_survive_as_given(ids):
    ids = [f"#{key}" for key in ids]
    data = load(pl.DataFrame({"user_id": ids, "item_id": ids, "timestamp": range(len(ids))}))

    assert data.users.ids == data.items.ids == tuple(dict.fromkeys(ids))


@pytest.mark.parametrize("fmt", ["parquet", "csv", "jsonl"])
def test_a_world_comes_back_from_its_files(tmp_path, fmt):
    world = shop()
    data = load(*write(world, tmp_path, fmt))

    assert data.items == world.items
    assert set(data.users) == set(world.users)
    assert (
        events(data).drop("dwell").sort(pl.all()).equals(events(world).drop("dwell").sort(pl.all()))
    )
    assert data.item_table.select("title", "categories", "price", "topic").equals(
        world.item_table.select("title", "categories", "price", "topic")
    )
    assert (
        data.user_table.sort("user_id")
        .select("user_id", "age")
        .cast(pl.String)
        .equals(world.user_table.sort("user_id").select("user_id", "age").cast(pl.String))
    )


def test_rows_of_users_and_items_line_up_with_their_tables(tmp_path):
    data = load(*write(checkerboard(8), tmp_path))

    assert data.user_table["user_id"].to_list() == list(data.users)
    assert data.item_table["item_id"].to_list() == list(data.items)
    assert len(data.histories()) == 8


def test_events_on_a_repeated_item_count_half():
    items = pl.DataFrame(
        {
            "item_id": list("abcdefg"),
            "title": ["Red mug", "red MUG", "Tea", "Milk", "Jam", "Pan", "Cup"],
        }
    )
    found = load(pl.DataFrame({"user_id": ["u", "u"], "item_id": ["a", "b"]}), items)

    assert found.item_table["duplicate_of"].to_list()[:2] == [None, "a"]
    assert found.events["weight"].to_list() == [0.5, 0.25]
    assert found.report.duplicates == 1


def test_a_mapping_names_columns_of_any_file():
    people = pl.DataFrame({"wer": ["ann"], "was": ["tee"]})
    things = pl.DataFrame({"was": ["tee"], "wie": ["Grüner Tee"]})
    mapping = {"user_id": "wer", "item_id": "was", "title": "wie"}

    data = load(people, things, mapping=mapping)

    assert data.users.ids == ("ann",)
    assert data.item_table["title"].to_list() == ["Grüner Tee"]


def test_a_mapped_column_that_no_file_has_is_named():
    with pytest.raises(DataError, match="'kunde'"):
        load(raw(GOOD), mapping={"user_id": "kunde"})


def test_ids_that_do_not_match_are_pointed_out():
    data = load(raw(GOOD), pl.DataFrame({"item_id": ["I0", "I1"], "title": ["a b", "c d"]}))

    assert data.n_items == 27
    assert any("do the ids match" in note for note in data.report.notes)


def test_settings_reach_the_weights():
    mine = Settings(event_weights={"view": 0.75}, half_life=3)
    data = load(raw(GOOD), settings=mine)

    assert data.events["weight"].unique().to_list() == [0.75]
    assert data.events["half_life"].unique().to_list() == [3]


def test_the_report_says_what_there_is(tmp_path):
    report = load(*write(shop(), tmp_path, "csv")).report

    assert isinstance(report, DataReport)
    assert (report.users, report.items, report.without_events, report.unlisted) == (60, 84, 6, 0)
    assert report.languages["zh"] == pytest.approx(18 / 84)
    assert 0.9 < report.sparsity < 1 or 0 < report.sparsity < 1
    assert report.negative > 0
    assert sum(report.kinds.values()) == report.events
    assert report.to_dict()["files"][0]["columns"]["user_id"] == "user_id"
    text = "\n".join(report.lines())
    assert all(len(line) <= 100 for line in report.lines())
    for word in ("60 users", "84 items", "sparsity", "en 7", "zh 21%", "from 2023-11", "view"):
        assert word in text


def test_progress_is_told_of_every_stage():
    heard = []
    load(raw(GOOD), progress=lambda *what: heard.append(what))

    assert heard[0][0] == "reading files"
    assert heard[-1][1] == heard[-1][2]
