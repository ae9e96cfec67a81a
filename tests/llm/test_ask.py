"""Between a question and a generator stand cache, budget, redaction and ledger; nothing raises."""

import asyncio
import sqlite3

import pytest

from llm.servers import completion, serving
from penchant.llm.ask import Asker, Task
from penchant.llm.base import Reply
from penchant.llm.budget import Budget
from penchant.llm.http import HttpGenerator
from penchant.llm.ledger import Ledger
from penchant.llm.prompts import load_prompt
from penchant.llm.replies import ReplyCache
from penchant.llm.schema import record, text
from penchant.llm.wire import Limits
from penchant.testing import FakeGenerator

TASK = Task(load_prompt("name-group", "en"), record(name=text(40)), max_tokens=30)
INPUTS = [{"phrases": f"thing {number} (3)"} for number in range(20)]


def asker(folder, generator=None, **more):
    given = {"budget": Budget(run=100_000, day=100_000), "redact": True} | more
    return Asker(
        generator=generator or FakeGenerator(),
        replies=ReplyCache(folder),
        ledger=Ledger(folder, clock=lambda: 1_800_000_000.0),
        **given,
    )


def test_a_second_run_asks_nothing_and_answers_the_same(tmp_path):
    first, second = asker(tmp_path), asker(tmp_path)
    answers = first.ask(TASK, INPUTS)

    assert second.ask(TASK, INPUTS) == answers
    assert second.generator.asked == []
    assert (second.kept, second.spent, second.missing()) == (20, [], "")


def test_equal_questions_are_asked_once(tmp_path):
    one = asker(tmp_path)
    answers = one.ask(TASK, [INPUTS[0], INPUTS[1], INPUTS[0]])

    assert answers[0] == answers[2] != answers[1]
    assert len(one.generator.asked) == 2


@pytest.mark.parametrize(
    "other",
    [
        {"model": "another"},
        {"schema": record(name=text(41))},
        {"max_tokens": 31},
        {"prompt": load_prompt("name-group", "zh")},
    ],
)
def test_an_answer_to_another_question_is_not_taken(tmp_path, other):
    asker(tmp_path).ask(TASK, INPUTS)
    model = other.pop("model", "fake")
    task = Task(**{"prompt": TASK.prompt, "schema": TASK.schema, "max_tokens": 30} | other)
    again = asker(tmp_path, FakeGenerator(model=model))
    again.ask(task, INPUTS)

    assert len(again.generator.asked) == 20


def test_a_budget_that_ends_half_way_leaves_the_rest_unasked(tmp_path):
    """What was answered stays, the run says what is missing, the next run goes on from there."""
    poor = asker(tmp_path, budget=Budget(run=1200, day=10**6))
    answers = poor.ask(TASK, INPUTS)
    done = sum(answer is not None for answer in answers)

    assert 0 < done < 20
    assert poor.missing() == f"{20 - done} × the budget is spent"
    rich = asker(tmp_path)
    assert None not in rich.ask(TASK, INPUTS)
    assert len(rich.generator.asked) == 20 - done


def test_a_day_has_a_budget_over_all_runs(tmp_path):
    first = asker(tmp_path)
    first.ask(TASK, INPUTS)
    spent = first.ledger.tokens_today()
    assert spent == sum(one.tokens_in + one.tokens_out for one in first.spent) > 0

    late = asker(tmp_path, budget=Budget(run=10**6, day=spent + 10, spent=spent))
    assert late.ask(TASK, [{"phrases": "new"}]) == [None]


def test_a_budget_is_never_overdrawn_by_questions_at_once():
    budget = Budget(run=100, day=1000)
    assert [budget.set_aside(40) for _ in range(4)] == [True, True, False, False]
    budget.settle(aside=40, taken=10)
    assert (budget.left, budget.refused) == (50, 2)


@pytest.mark.parametrize(
    "bad",
    [
        None,
        [],
        "Tea",
        {"name": ""},
        {"name": 7},
        {"name": "x" * 41},
        {"name": "Tea", "id": 3},
        {"title": "Tea"},
    ],
)
def test_an_answer_of_another_shape_is_none(tmp_path, bad):
    one = asker(tmp_path, FakeGenerator(lambda _p, _s: bad))

    assert one.ask(TASK, INPUTS[:2]) == [None, None]
    assert one.missing().startswith("2 × answer")
    assert ReplyCache(tmp_path).count() == 0


def test_a_generator_that_breaks_its_promise_ends_nothing(tmp_path):
    class Raises(FakeGenerator):
        async def generate(self, *_, **__):
            raise RuntimeError("oops")

    class Short(FakeGenerator):
        async def generate(self, prompts, schema, *, max_tokens):
            return (await super().generate(prompts, schema, max_tokens=max_tokens))[1:]

    for generator in (Raises(), Short()):
        one = asker(tmp_path, generator)
        assert one.ask(TASK, INPUTS) == [None] * 20
        assert one.missing().startswith("20 × fake ")


def test_once_gone_a_generator_is_not_asked_on(tmp_path):
    gone = FakeGenerator(lambda _p, _s: Reply(problem="away", gone=True))
    one = asker(tmp_path, gone)

    assert one.ask(TASK, INPUTS) == [None] * 20
    assert len(gone.asked) == gone.at_once
    assert one.missing() == "20 × away"


def test_a_run_that_is_killed_keeps_what_it_paid_for(tmp_path):
    class Killed(FakeGenerator):
        async def generate(self, prompts, schema, *, max_tokens):
            if len(self.asked) >= 16:
                raise KeyboardInterrupt
            return await super().generate(prompts, schema, max_tokens=max_tokens)

    with pytest.raises(KeyboardInterrupt):
        asker(tmp_path, Killed()).ask(TASK, INPUTS)
    again = asker(tmp_path)
    assert None not in again.ask(TASK, INPUTS)
    assert len(again.generator.asked) == 4


def test_another_model_than_asked_is_said_and_not_kept(tmp_path):
    other = FakeGenerator(lambda _p, _s: Reply(value={"name": "Tea"}, model="someone-else"))
    one = asker(tmp_path, other)

    assert one.ask(TASK, INPUTS[:1]) == [{"name": "Tea"}]
    assert "someone-else" in one.missing()
    assert ReplyCache(tmp_path).count() == 0


def test_a_longer_name_of_the_same_model_is_the_same(tmp_path):
    dated = FakeGenerator(lambda _p, _s: Reply(value={"name": "Tea"}, model="fake-2026-08-06"))
    asker(tmp_path, dated).ask(TASK, INPUTS[:1])

    assert ReplyCache(tmp_path).count() == 1


def test_what_points_at_people_does_not_leave(tmp_path):
    said = {"phrases": "mail ann@example.org, Mr Smith, 4111 1111 1111 1111"}
    one, open_one = asker(tmp_path), asker(tmp_path, redact=False)
    one.ask(TASK, [said])
    open_one.ask(TASK, [said])

    assert "mail [email], Mr [name], [card]" in one.generator.asked[0].text
    assert "ann@example.org" in open_one.generator.asked[0].text


def test_the_ledger_says_what_was_spent_for_what(tmp_path):
    remote = FakeGenerator()
    remote.remote = True
    asker(tmp_path, remote, prices={"fake": (1.0, 2.0)}).ask(TASK, INPUTS)
    (row,) = Ledger(tmp_path, clock=lambda: 0.0).table().to_dicts()

    assert (row["day"], row["purpose"], row["model"]) == ("2027-01-15", "name-group", "fake")
    assert (row["calls"], row["failed"]) == (20, 0)
    assert row["money"] == pytest.approx((row["tokens_in"] + 2 * row["tokens_out"]) / 1e6)
    assert row["watt_hours"] > 0


def test_an_unknown_price_is_unknown_not_nothing(tmp_path):
    remote = FakeGenerator()
    remote.remote = True
    asker(tmp_path, remote).ask(TASK, INPUTS)

    assert Ledger(tmp_path, clock=lambda: 0.0).table()["money"].to_list() == [None]


def test_a_damaged_cache_is_set_aside_and_filled_again(tmp_path):
    asker(tmp_path).ask(TASK, INPUTS)
    path = ReplyCache(tmp_path).path
    path.write_bytes(b"no database" * 1000)
    again = asker(tmp_path)

    assert None not in again.ask(TASK, INPUTS)
    assert path.with_suffix(".damaged").is_file()
    assert asker(tmp_path).ask(TASK, INPUTS) == again.ask(TASK, INPUTS)


def test_an_altered_answer_is_asked_for_again(tmp_path):
    asker(tmp_path).ask(TASK, INPUTS)
    with sqlite3.connect(ReplyCache(tmp_path).path) as database:
        database.execute("""UPDATE replies SET answer = '{"name": "BUY NOW"}'""")
    database.close()
    again = asker(tmp_path)
    again.ask(TASK, INPUTS)

    assert len(again.generator.asked) == 20


@pytest.mark.parametrize("name", ["replies-v1.sqlite", "ledger-v1.sqlite"])
def test_a_full_disk_costs_the_cache_and_nothing_else(tmp_path, name):
    """A device that is always full stands in for the file."""
    (tmp_path / name).symlink_to("/dev/full")
    one = asker(tmp_path)

    assert None not in one.ask(TASK, INPUTS)
    assert one.ledger.tokens_today() > 0


def test_a_folder_that_cannot_be_made_costs_the_cache_and_nothing_else(tmp_path):
    (tmp_path / "file").write_text("")
    one = asker(tmp_path / "file" / "llm")

    assert None not in one.ask(TASK, INPUTS)
    assert one.ledger.tokens_today() > 0


def test_it_works_inside_a_running_loop(tmp_path):
    async def notebook():
        return asker(tmp_path).ask(TASK, INPUTS)

    assert None not in asyncio.run(notebook())


def test_over_http_from_question_to_kept_answer(tmp_path):
    with serving(lambda _n, _b: (200, {}, completion({"name": "Tea"}))) as (url, asked):
        for _ in range(2):
            one = asker(tmp_path, HttpGenerator(url, model="stub"))
            assert one.ask(TASK, INPUTS) == [{"name": "Tea"}] * 20
    assert len(asked) == 20


def test_a_server_that_is_not_there_leaves_everything_unanswered(tmp_path):
    with serving(lambda _n, _b: (200, {}, {})) as (url, _):
        pass
    limits = Limits(attempts=1)
    for model in ("", "named"):
        one = asker(tmp_path, HttpGenerator(url, model=model, limits=limits))
        assert one.ask(TASK, INPUTS) == [None] * 20
        assert one.missing()
