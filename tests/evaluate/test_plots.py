"""Plots are well-formed, say what they were given, and cannot be made to say anything else."""

import math
import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from penchant.evaluate.plots import STYLE, Bar, Line, Point, bars, figure, intervals, lines, scatter
from penchant.evaluate.svg import (
    COLOURS,
    escape,
    number,
    scale,
    shorten,
    text_width,
    tick_labels,
    ticks,
)

SVG = "{http://www.w3.org/2000/svg}"
ATTACK = "</title><script>alert(1)</script>\" onload='x' & \x00 \ud800"

numbers = st.floats(allow_nan=True, allow_infinity=True, width=32)
bar_rows = st.lists(
    st.builds(
        Bar,
        label=st.text(max_size=30),
        value=numbers,
        low=st.none() | numbers,
        high=st.none() | numbers,
        group=st.none() | st.integers(0, 30),
        note=st.text(max_size=10),
    ),
    max_size=5,
)
point_rows = st.lists(
    st.builds(Point, x=numbers, y=numbers, label=st.text(max_size=8), group=st.integers(0, 30)),
    max_size=6,
)


def parse(svg):
    root = ET.fromstring(svg)  # noqa: S314  # our own output
    assert root.tag == f"{SVG}svg"
    return root


def texts(svg):
    return ["".join(node.itertext()) for node in parse(svg).iter(f"{SVG}text")]


def draw_all(text, value=0.5):
    bar, point = Bar(text, value, 0.1, 0.9, note=text), Point(value, 1.0, text, note=text)
    line = Line(text, [value, 1.0])
    return [
        bars([bar], title=text, unit=text),
        intervals([bar], title=text),
        scatter([point], title=text, x_label=text, y_label=text, legend={0: text}),
        lines([line], steps=[text, text], title=text, x_label=text, y_label=text),
    ]


@given(bar_rows, st.sampled_from([bars, intervals]))
def test_any_rows_give_a_well_formed_drawing(rows, draw):
    """Whatever text and numbers come: it parses, has a row each, and no number in it is not one."""
    svg = draw(rows, title="t")
    root = parse(svg)

    assert len(root.findall(f"{SVG}g")) == len(rows)
    for node in root.iter():
        for key, value in node.attrib.items():
            if key != "aria-label":
                assert not re.search(r"nan|inf", value), (key, value)


@given(point_rows, st.booleans())
def test_any_points_give_a_well_formed_drawing(points, axes):
    svg = scatter(points, title="t", axes=axes, legend={0: "a", 9: "b", 17: "c"})

    drawn = parse(svg).findall(f"{SVG}g")
    assert len(drawn) == sum(math.isfinite(p.x) and math.isfinite(p.y) for p in points)


@given(st.lists(st.lists(numbers, min_size=3, max_size=3), max_size=3))
def test_any_series_give_a_well_formed_drawing(series):
    svg = lines([Line("s", values) for values in series], steps=["a", "b", "c"], title="t")

    drawn = parse(svg).findall(f"{SVG}g")
    assert len(drawn) == sum(math.isfinite(v) for values in series for v in values)


def test_text_cannot_break_out():
    """What looks like markup is text, and what no page may hold is replaced."""
    for svg in draw_all(ATTACK):
        root = parse(svg)
        names = {node.tag.removeprefix(SVG) for node in root.iter()}
        assert names <= {"svg", "title", "g", "text", "rect", "path", "circle", "polygon"}
        allowed = {"class", "role", "aria-label", "viewBox", "transform", "points"}
        for node in root.iter():
            assert not [key for key in node.attrib if key.startswith("on") or key == "style"]
            assert not {"id", "href"} & set(node.attrib)
        assert allowed & set(root.attrib)
        assert "\x00" not in svg
        svg.encode()
    assert "<script" not in figure("", caption=ATTACK, note=ATTACK)


@given(st.text())
def test_escaped_text_reads_back(text):
    """Nothing is lost but what XML cannot hold."""
    kept = ET.fromstring(f'<a b="{escape(text)}">{escape(text)}</a>')  # noqa: S314  # as above
    wanted = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]", "�", text)

    assert (kept.text or "") == wanted.replace("\r\n", "\n").replace("\r", "\n")


def test_every_plot_is_named_for_screen_readers():
    for svg in draw_all("nDCG by model"):
        root = parse(svg)
        assert root.get("role") == "img"
        assert root.get("aria-label") == "nDCG by model"
        assert root[0].text == "nDCG by model"


def test_bars_are_as_long_as_their_values():
    svg = bars([Bar("a", 0.4), Bar("b", 0.1), Bar("c", -0.2)], title="t")
    rects = [(float(r.get("x")), float(r.get("width"))) for r in parse(svg).iter(f"{SVG}rect")]

    (a_from, a), (b_from, b), (c_from, c) = rects
    assert a == pytest.approx(4 * b, abs=0.3)
    assert a == pytest.approx(2 * c, abs=0.3)
    assert a_from == b_from == pytest.approx(c_from + c, abs=0.11)
    assert texts(svg) == ["a", "0.400", "b", "0.100", "c", "−0.200"]


def test_hover_says_value_interval_and_note():
    svg = bars([Bar("ease", 2.5, 2, 3, note="12 items")], title="t", form=".1f", unit=" ×")

    assert [n.text for n in parse(svg).iter(f"{SVG}title")][1:] == [
        "ease: 2.5 × (2.0 × … 3.0 ×) · 12 items"
    ]


def test_a_dot_lies_within_its_interval_and_apart_from_the_reference():
    svg = intervals([Bar("a", 0.03, 0.01, 0.06)], title="t")
    root = parse(svg)
    dot = float(root.find(f".//{SVG}circle").get("cx"))
    rule, whisker = (
        [float(x) for x in re.findall(r"M([\d.]+)", p.get("d"))] for p in root.iter(f"{SVG}path")
    )

    assert rule[0] < whisker[1] < dot < whisker[2]


def test_up_is_up_and_right_is_right():
    svg = scatter([Point(0, 0), Point(1, 2)], title="t")
    low, high = ((float(c.get("cx")), float(c.get("cy"))) for c in parse(svg).iter(f"{SVG}circle"))

    assert low[0] < high[0]
    assert low[1] > high[1]


def test_names_cover_neither_marks_nor_each_other():
    """Of two points in one place one name is written: that of the larger."""
    crowd = [Point(0, 0, "small", size=3), Point(0, 0, "large", size=6), Point(1, 1, "far")]
    crowd.append(Point(2, 2, "mute", named=False))
    written = texts(scatter(crowd, title="t", axes=False))

    assert "far" in written
    assert "mute" not in written
    assert "small" not in written


def test_a_map_of_hundreds_keeps_its_names_apart():
    points = [Point(i % 20, i // 20, f"interest {i}", group=i % 24) for i in range(300)]
    root = parse(scatter(points, title="t", axes=False, width=900, height=600))
    boxes = []
    for node in root.iter(f"{SVG}text"):
        wide, x, y = text_width(node.text, 11), float(node.get("x")), float(node.get("y"))
        left = {"start": x, "end": x - wide, "middle": x - wide / 2}[node.get("text-anchor")]
        boxes.append((left, y - 8.5, left + wide, y + 2.5))

    for n, (left, top, right, bottom) in enumerate(boxes):
        for a, b, c, d in boxes[n + 1 :]:
            assert right <= a + 0.2 or left + 0.2 >= c or bottom <= b or top >= d


def test_a_line_breaks_where_a_value_is_missing():
    whole = lines([Line("a", [1, 2, 3, 4])], steps="wxyz", title="t")
    broken = lines([Line("a", [1, 2, math.nan, 4])], steps="wxyz", title="t")

    def pieces(svg):
        return sum(p.get("d").count("L") for p in parse(svg).iter(f"{SVG}path"))

    assert (pieces(whole), pieces(broken)) == (3, 1)


def test_groups_differ_in_colour_or_shape():
    """The first two dozen groups can be told apart."""
    points = [Point(n, n, group=n) for n in range(24)]
    marks = parse(scatter(points, title="t", axes=False)).findall(f"{SVG}g/*")
    looks = {(m.tag, m.get("fill")) for m in marks if m.tag != f"{SVG}title"}

    assert len(looks) == 24


def _luminance(colour):
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(("ground", "which"), [("#ffffff", 0), ("#161b22", 1)])
def test_every_colour_stands_out_from_its_ground(ground, which):
    """A contrast of 3, as WCAG 2.2 asks of graphics (1.4.11)."""
    assert ground in STYLE
    for pair in COLOURS:
        dark, bright = sorted((_luminance(pair[which]), _luminance(ground)))
        assert (bright + 0.05) / (dark + 0.05) >= 3, pair[which]


@given(st.floats(-1e6, 1e6), st.floats(1e-6, 1e6))
def test_ticks_are_few_round_and_inside(low, span):
    marks = ticks(low, low + span)

    assert 1 <= len(marks) <= 6
    assert all(low - 1e-6 * span <= mark <= low + span * (1 + 1e-6) for mark in marks)


@given(st.floats(-100, 100), st.floats(1e-4, 100), st.sampled_from(["", "%", "+.3f"]))
def test_tick_labels_read_back_and_differ(low, span, form):
    """No two ticks look alike, and each says its own value."""
    marks = ticks(low, low + span)
    labels = tick_labels(marks, form)
    read = [float(label.replace("−", "-").rstrip("%")) for label in labels]

    assert len(set(labels)) == len(marks)
    assert read == pytest.approx([m * (100 if form == "%" else 1) for m in marks], abs=1e-3 * span)
    assert all(
        ("+" in label) == (form[:1] == "+" and mark >= 0)
        for label, mark in zip(labels, marks, strict=True)
        if abs(mark) > 1e-9
    )


def test_numbers_are_for_readers():
    assert number(-0.25, "+.1f", " ×") == "−0.2 ×"
    assert number(math.nan) == number(None) == number(math.inf) == "–"
    assert shorten("coffee and tea", 50) == "coffee…"
    assert text_width("咖啡") > text_width("ab")
    assert scale(2, 2, 0, 10)(2) == 5


def test_a_line_runs_through_points_that_are_joined():
    points = [Point(0, 1, "a"), Point(1, 0, "b"), Point(2, 3, "c")]
    paths = [
        len(ET.fromstring(scatter(points, title="t", joined=j)).findall(f".//{SVG}path"))  # noqa: S314  # our own drawing
        for j in (False, True)
    ]

    assert paths[1] == paths[0] + 1
