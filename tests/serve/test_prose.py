"""Sentences of a portrait are written behind the reader's back; meanwhile there are older ones."""

import threading

import pytest

from interests.test_prose import FACTS, GOOD, fact
from llm.test_ask import asker
from penchant.config import Settings
from penchant.errors import UnavailableError
from penchant.interests.prose import tell_portraits
from penchant.serve.prose import Proses
from penchant.testing import FakeGenerator

LLM = Settings(llm="fake")
FIXED = [one.text for one in tell_portraits([FACTS], tongue="en")[0]]


def texts(answer):
    return [one["text"] for one in answer["sentences"]]


def written(folder, answer=GOOD):
    return Proses(lambda _: asker(folder, FakeGenerator(lambda _p, _s: answer)))


def test_without_a_generator_there_are_fixed_sentences_at_once():
    answer = Proses().told("u", FACTS, tongue="en", settings=Settings())
    assert (texts(answer), answer["stale"]) == (FIXED, False)


def test_the_first_reader_gets_fixed_sentences_the_next_what_was_written(tmp_path):
    proses = written(tmp_path)
    first = proses.told("u", FACTS, tongue="en", settings=LLM)
    proses.wait()
    second = proses.told("u", FACTS, tongue="en", settings=LLM)

    assert (texts(first), first["stale"]) == (FIXED, True)
    assert not second["stale"]
    assert {one["by"] for one in second["sentences"]} == {"fake"}


def test_nobody_waits_for_a_generator(tmp_path):
    begun, go = threading.Event(), threading.Event()

    def slow(_):
        begun.set()
        go.wait(10)
        return asker(tmp_path, FakeGenerator(lambda _p, _s: GOOD))

    proses = Proses(slow)
    proses.told("u", FACTS, tongue="en", settings=LLM)
    assert begun.wait(10)
    assert texts(proses.told("u", FACTS, tongue="en", settings=LLM)) == FIXED  # still held
    go.set()
    proses.wait()


def test_a_portrait_that_moved_is_written_anew_and_the_stale_one_served_meanwhile(tmp_path):
    proses = written(tmp_path)
    proses.told("u", FACTS, tongue="en", settings=LLM)
    proses.wait()
    later = (*FACTS[:2], fact("Mugs"))
    meanwhile = proses.told("u", later, tongue="en", settings=LLM)
    proses.wait()
    after = proses.told("u", later, tongue="en", settings=LLM)

    assert meanwhile["stale"]
    assert [one["interest_id"] for one in meanwhile["sentences"]] == ["id-Coffee", "id-War films"]
    assert [one["interest_id"] for one in after["sentences"]] == [f.interest_id for f in later]
    assert not after["stale"]


@pytest.mark.parametrize("fails", [UnavailableError("no such model"), None])
def test_without_what_the_settings_name_there_are_fixed_sentences(fails):
    def nobody(_):
        if fails:
            raise fails

    proses = Proses(nobody)
    proses.told("u", FACTS, tongue="en", settings=LLM)
    proses.wait()
    answer = proses.told("u", FACTS, tongue="en", settings=LLM)

    assert (texts(answer), answer["stale"]) == (FIXED, False)


def test_nothing_is_kept_of_somebody_who_is_forgotten(tmp_path):
    proses = written(tmp_path)
    for user in ("u", "v"):
        proses.told(user, FACTS, tongue="en", settings=LLM)
        proses.wait()
    proses.forget("u")

    assert texts(proses.told("u", FACTS, tongue="en", settings=Settings())) == FIXED
    assert texts(proses.told("v", FACTS, tongue="en", settings=Settings())) != FIXED


def test_every_language_is_written_of_its_own(tmp_path):
    proses = written(tmp_path)
    proses.told("u", FACTS, tongue="en", settings=LLM)
    proses.wait()

    assert texts(proses.told("u", FACTS, tongue="zh", settings=Settings()))[0].startswith("您")
