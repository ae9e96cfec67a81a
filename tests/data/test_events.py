"""Events: what speaks against an item, what is one event and what two, and in which order."""

import itertools

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from penchant.config import Settings
from penchant.data.events import clean_events
from penchant.data.load import load
from penchant.data.sources import read_interactions
from penchant.data.weights import scale_of
from penchant.errors import DataError
from penchant.types import DAY

NOW = 1_800_000_000
START = 1_700_000_000


def clean(rows, own=None, **options):
    frames = rows if isinstance(rows, list) and isinstance(rows[0], pl.DataFrame) else [table(rows)]
    raws = read_interactions(frames, **options)
    return clean_events(raws, settings=own or Settings(), now=NOW)


def table(rows):
    """Return *rows* as a frame; users, items and moments are made up where they are not given."""
    full = [
        {"user_id": "u", "item_id": f"i{n}", "timestamp": START + n} | row
        for n, row in enumerate(rows)
    ]
    return pl.DataFrame(full, infer_schema_length=None)


def weights(rows, own=None):
    return clean(rows, own).frame["weight"].to_list()


def test_kinds_weigh_as_set():
    kinds = ["purchase", "view", "Add to Cart", "dislike", "something"]
    rows = [{"event": kind} for kind in kinds]

    assert weights(rows) == pytest.approx([1, 0.2, 0.6, -1, 0.5])
    mine = Settings(event_weights={"something": -0.25, "view": 3})
    assert weights(rows, mine) == pytest.approx([1, 3, 0.6, -1, -0.25])
    assert clean(rows).frame["event"].to_list()[2] == "add_to_cart"


def test_an_event_without_a_kind_is_an_interaction():
    assert clean([{}]).frame["event"].to_list() == ["interaction"]
    kinds = clean([{"event": "view"}, {"event": None}, {"event": " "}]).frame["event"].to_list()
    assert kinds == ["view", "interaction", "interaction"]


@pytest.mark.parametrize(
    ("ratings", "negative"),
    [
        ([1, 2, 2.5, 3, 5], [1, 2, 2.5]),
        ([0.5, 2.5, 3, 5], [0.5, 2.5]),
        ([1, 5, 5.5, 6, 10], [1, 5, 5.5]),
        ([0, 1, 1], [0]),
        ([-1, 1], [-1]),
        ([1, 2, 3], [1, 2]),
        ([4, 4], []),
    ],
)
def test_ratings_in_the_lower_half_of_their_scale_speak_against(ratings, negative):
    frame = clean([{"rating": rating} for rating in ratings]).frame

    assert frame.filter(pl.col("weight") < 0)["value"].to_list() == negative


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(1, 10).map(float), min_size=2))
def test_a_higher_rating_never_weighs_less(ratings):
    frame = clean([{"rating": rating} for rating in ratings]).frame.sort("value")

    assert frame["weight"].is_sorted()
    assert frame["weight"].abs().is_between(0.249, 0.501).all()


def test_a_value_is_a_rating_only_for_events_of_that_kind():
    rows = [{"event": "review", "value": v} for v in (1, 5)]
    rows += [{"event": "purchase", "value": v} for v in (1, 5)]

    low, high, one, five = weights(rows)

    assert low < 0 < high
    assert 0 < one < five


def test_a_slip_of_the_hand_does_not_move_the_scale():
    """One 50 among a thousand stars is a bad row, and three stars stay a good rating."""
    rows = [{"rating": 1 + n % 5, "user_id": f"u{n % 50}"} for n in range(2000)] + [{"rating": 50}]
    found = clean(rows)

    assert found.files[0].dropped == {"rating off the scale": 1}
    assert found.frame.filter(pl.col("value") == 3)["weight"].min() > 0


def test_files_of_one_export_share_a_scale_and_others_have_their_own():
    stars = [table([{"rating": r}]) for r in (1, 5)]
    points = pl.DataFrame({"user_id": ["v", "v"], "item_id": ["a", "b"], "points": [2.0, 10.0]})
    points = points.rename({"points": "score"}).with_columns(timestamp=START)

    frame = clean([*stars, points]).frame

    assert frame.filter(pl.col("weight") < 0)["value"].sort().to_list() == [1, 2]


def test_quantities_weigh_more_but_not_without_bound():
    w = weights([{"event": "purchase", "quantity": q} for q in (0, 1, 3, 10_000)])

    assert w == pytest.approx([0, 1, 2, 2])


def test_a_purchase_of_less_than_nothing_is_a_return():
    frame = clean([{"event": "purchase", "quantity": -2}, {"quantity": -2, "event": "play"}]).frame

    assert frame["event"].to_list() == ["return", "play"]
    assert frame["weight"].max() < 0


def test_a_return_counts_against_however_its_quantity_is_signed():
    assert max(weights([{"event": "return", "quantity": q} for q in (-3, 3)])) < 0


def test_views_that_last_weigh_more():
    rows = [{"event": "view", "dwell": d} for d in (1.0, 10.0, 10.0, 10.0, 500.0, -3.0)]

    short, usual, _, _, long, nonsense = weights(rows)

    assert 0 < short < usual < long < 0.41
    assert (usual, nonsense) == (pytest.approx(0.2), pytest.approx(0.2))


def test_activities_are_kinds_or_strengths():
    kinds = clean([{"activity": "View"}, {"activity": "purchase"}]).frame
    strengths = clean([{"activity": "1"}, {"activity": "3"}]).frame

    assert kinds["event"].to_list() == ["view", "purchase"]
    assert strengths["event"].to_list() == ["interaction", "interaction"]
    assert strengths["value"].to_list() == [1, 3]
    assert strengths["weight"].is_sorted()


def test_identical_rows_are_one_event_and_anything_else_makes_two():
    same = {"item_id": "i", "timestamp": START, "event": "purchase", "order": "a", "quantity": 1}
    changes = [
        {"order": "b"},
        {"quantity": 2},
        {"timestamp": START + DAY},
        {"event": "view"},
        {"item_id": "j"},
        {"user_id": "v"},
    ]

    found = clean([same, same, *[same | change for change in changes], same])

    assert len(found.frame) == 1 + len(changes)
    assert found.files[0].merged == 2


def test_duplicates_over_files_are_merged():
    rows = table([{}, {}])

    found = clean([rows, rows])

    assert len(found.frame) == 2
    assert sum(file.merged for file in found.files) == 2


def test_half_lives_by_kind_or_a_fifth_of_the_span():
    rows = [{"event": "view"}, {"event": "purchase", "timestamp": START + 100 * DAY}]

    assert clean(rows).frame["half_life"].to_list() == pytest.approx([20, 20])
    mine = Settings(half_life=7, half_lives={"purchase": 90})
    assert clean(rows, mine).frame["half_life"].to_list() == pytest.approx([7, 90])
    assert clean(rows[:1]).frame["half_life"].to_list() == [1]


def test_without_moments_rows_are_in_the_order_of_events():
    rows = pl.DataFrame({"user_id": list("cabc"), "item_id": list("zyxz")})

    found = clean([rows])

    assert not found.has_time
    assert found.frame["timestamp"].to_list() == [0, 1, 2]
    assert [found.users[row] for row in found.frame["user"]] == ["c", "a", "b"]


def test_moments_in_some_files_only_are_refused():
    with pytest.raises(DataError, match="'timestamp'"):
        clean([table([{}]), table([{}]).drop("timestamp")])


EVENTS = st.lists(
    st.tuples(
        st.sampled_from("abc"),
        st.sampled_from("xyz"),
        st.sampled_from(["view", "buy", None]),
        st.integers(START, START + 2),
        st.sampled_from([None, 1.0, 2.0]),
        st.sampled_from([None, "p", "q"]),
    ),
    min_size=1,
    max_size=12,
)


def frame_of(events):
    names = ["user_id", "item_id", "event", "timestamp", "quantity", "basket"]
    types = [pl.String, pl.String, pl.String, pl.Int64, pl.Float64, pl.String]
    return pl.DataFrame(events, schema=dict(zip(names, types, strict=True)), orient="row")


@settings(max_examples=50, deadline=None)
@given(EVENTS, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(events, random):
    shuffled = list(events)
    random.shuffle(shuffled)

    one, other = clean([frame_of(events)]), clean([frame_of(shuffled)])

    assert one.frame.equals(other.frame)
    assert (one.users, one.items) == (other.users, other.items)


@settings(max_examples=50, deadline=None)
@given(EVENTS)
def test_one_event_stays_of_each_distinct_row(events):
    found = clean([frame_of(events)])
    default = [(u, i, kind or "interaction", *rest) for u, i, kind, *rest in events]

    assert len(found.frame) == len(set(default))
    assert found.frame["timestamp"].is_sorted()


def test_ties_of_time_favour_no_id():
    """Events of one second come in an order that has nothing to do with ids or rows."""
    rows = [{"item_id": f"i{n:03d}", "timestamp": START} for n in range(200)]
    found = clean(rows)
    order = np.array([int(found.items[row][1:]) for row in found.frame["item"]])

    assert abs(np.corrcoef(order, np.arange(200))[0, 1]) < 0.2


def test_a_bot_is_flagged_and_counts_for_what_a_person_could():
    people = [
        {"user_id": f"u{user}", "timestamp": START + DAY * user + 3600 * n}
        for user, n in itertools.product(range(30), range(20))
    ]
    bot = [{"user_id": "bot", "timestamp": START + n, "item_id": f"i{n}"} for n in range(3000)]
    found = clean(people + bot)
    flagged = found.frame.filter("suspicious")

    assert found.suspicious == ("bot",)
    assert len(flagged) == 3000
    assert 0 < flagged["weight"].sum() < 600 * 0.5
    assert found.frame.filter(~pl.col("suspicious"))["weight"].to_list() == [0.5] * 600


def test_a_reseller_is_flagged():
    people = [
        {"user_id": f"u{n % 30}", "quantity": 1 + n % 4, "event": "purchase"} for n in range(300)
    ]
    found = clean([*people, {"user_id": "gross", "quantity": 50_000, "event": "purchase"}])

    assert found.suspicious == ("gross",)


def test_busy_people_among_busy_people_are_not_suspicious():
    rng = np.random.default_rng(0)
    counts = np.exp(rng.normal(4, 1, 60)).astype(int) + 1
    rows = [
        {"user_id": f"u{user}", "timestamp": START + DAY * user + n, "item_id": f"i{n}"}
        for user, count in enumerate(counts)
        for n in range(count)
    ]

    assert clean(rows).suspicious == ()


@pytest.mark.parametrize(
    ("ratings", "low", "high"), [([1, 5], 1, 5), ([3], 3, 3), ([0.5, 4.5, 5], 0.5, 5)]
)
def test_a_scale_is_what_ratings_span(ratings, low, high):
    scale = scale_of(np.array(ratings, float))

    assert (scale.low, scale.high) == (low, high)
    assert scale_of(np.array([])) is None


def test_a_rating_of_zero_that_most_have_is_none():
    """Goodreads writes 0 for a book on a shelf that nobody rated: no word against the book."""
    rating = ["0"] * 12 + ["5", "4", "1", "5"]
    frame = pl.DataFrame(
        {
            "user_id": [f"u{n}" for n in range(16)],
            "item_id": [f"i{n % 3}" for n in range(16)],
            "rating": rating,
        }
    )

    events = load(frame).events

    assert (events["weight"] < 0).sum() == 1
    assert events["value"].null_count() == 12
    assert (load(frame.filter(pl.col("rating") != "0")).events["weight"] < 0).sum() == 1
