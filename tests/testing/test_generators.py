"""The fake is a fair stand-in, and the contract catches generators that break it."""

import asyncio

import pytest

from penchant.llm.base import Prompt, Reply
from penchant.llm.schema import choice, items, number, problem_of, record, text
from penchant.testing import FakeGenerator, check_generator

SCHEMA = record(a=text(9, shortest=4), b=choice(["x", "y"]), c=items(number(2, 3), 4, least=2))


def test_the_fake_keeps_the_contract():
    check_generator(FakeGenerator())


def test_what_it_makes_up_fits_any_shape_and_hangs_on_the_prompt_alone():
    one, two = FakeGenerator(), FakeGenerator()
    prompts = [Prompt("s", f"text {number}") for number in range(30)]
    made = asyncio.run(one.generate(prompts, SCHEMA, max_tokens=9))

    assert all(problem_of(reply.value, SCHEMA) == "" for reply in made)
    assert asyncio.run(two.generate(prompts[::-1], SCHEMA, max_tokens=9)) == made[::-1]
    assert {reply.value["b"] for reply in made} == {"x", "y"}
    assert one.asked == prompts


class Short(FakeGenerator):
    async def generate(self, prompts, schema, *, max_tokens):
        return (await super().generate(prompts, schema, max_tokens=max_tokens))[1:]


class Silent(FakeGenerator):
    async def generate(self, prompts, *_, **__):
        return [Reply() for _ in prompts]


class Free(FakeGenerator):
    async def generate(self, prompts, *_, **__):
        return [Reply(value={"name": "anything"}) for _ in prompts]


class Nameless(FakeGenerator):
    def __init__(self):
        super().__init__(model="")


@pytest.mark.parametrize("broken", [Short, Silent, Free, Nameless])
def test_the_contract_catches(broken):
    with pytest.raises(AssertionError):
        check_generator(broken())
