"""A store read page by page is the whole of it, once, in order, and nothing that came later."""

import pytest

from penchant.store.pages import events_upto, everybody


class Log:
    """Events that are their own numbers."""

    def __init__(self, seqs):
        self.seqs = [type("Event", (), {"seq": seq})() for seq in seqs]

    def since(self, after, *, most):
        return [event for event in self.seqs if event.seq > after][:most]


class Crowd:
    """Users in pages."""

    def __init__(self, pages):
        self.pages = pages

    def page(self, *, after, most):
        assert most > 0
        at = int(after or 0)
        return self.pages[at], str(at + 1) if at + 1 < len(self.pages) else ""


@pytest.mark.parametrize("at_once", [1, 2, 3, 100])
@pytest.mark.parametrize("last", [0, 1, 4, 7, 9])
def test_events_up_to_one_come_once_in_order(at_once, last):
    seqs = [1, 2, 4, 7, 8]  # numbers are skipped where a write was taken back
    found = [event.seq for event in events_upto(Log(seqs), last, at_once=at_once)]

    assert found == [seq for seq in seqs if seq <= last]


def test_an_empty_log_ends():
    assert list(events_upto(Log([]), 5, at_once=2)) == []


@pytest.mark.parametrize("pages", [[[]], [[1, 2]], [[1], [2, 3], [4]], [[1], [], [2]]])
def test_everybody_is_met_once(pages):
    assert list(everybody(Crowd(pages))) == [user for page in pages for user in page]
