"""A model opens where its encoder is not: what needs none goes on, what needs it says so."""

import pytest

from penchant import Penchant
from penchant.config import Settings
from penchant.engine.newcomers import place_newcomers
from penchant.errors import ConfigError, UnavailableError
from penchant.testing import FakeEncoder
from worlds import shop

NAMES = {
    "plugged-in": "unknown encoder 'plugged-in'",
    "onnx:./no-such-folder": "no-such-folder",
    "http://127.0.0.1:9/v1": "127.0.0.1:9",
}


@pytest.fixture(scope="module", params=NAMES)
def there(request, tmp_path_factory):
    """A model whose encoder was here in the fit, where it is not any more, and its name."""
    path = tmp_path_factory.mktemp("kept") / "model"
    settings = Settings(encoder=request.param, encoder_model="e5", interests=8)
    Penchant(settings=settings, encoder=FakeEncoder()).fit(shop()).save(path)
    return request.param, path


def test_lists_portraits_and_interests_need_no_encoder(there):
    whole, bare = Penchant.open(there[1], encoder=FakeEncoder()), Penchant.open(there[1])

    for model in (whole, bare):
        assert len(model.portrait("u1")) > 0
        assert len(model.interests()) > 0
        assert len(model.explore("u1")) > 0
    assert bare.recommend("u1", explain=True).equals(whole.recommend("u1", explain=True))
    assert bare.similar_items("coffee-00").equals(whole.similar_items("coffee-00"))


def test_wishes_say_which_encoder_is_missing(there):
    name, path = there
    with pytest.raises(UnavailableError, match=NAMES[name].replace("/", ".")) as caught:
        Penchant.open(path).recommend(like=["coffee"])
    assert f"fitted with the encoder '{name}'" in str(caught.value)
    assert caught.value.http_status == 503


def test_new_items_are_placed_without_it(there):
    model = Penchant.open(there[1])
    known = model.fitted.item_table.row(0, named=True)
    new = {"item_id": "new", **{name: known[name] for name in ("title", "categories")}}

    (placed,) = place_newcomers(model.fitted, [new])
    assert len(placed.rows)


def test_a_saved_model_keeps_its_encoders_name(there, tmp_path):
    """Also where it is saved again without it."""
    Penchant.open(there[1]).save(tmp_path / "copy")
    again = Penchant.open(tmp_path / "copy")

    assert again.fitted.space.encoder.name == FakeEncoder().name


def test_a_fit_without_its_encoder_fails_before_anything_is_read():
    with pytest.raises(ConfigError, match="plugged-in"):
        _fit("plugged-in")
    with pytest.raises(UnavailableError, match="no-such-folder"):
        _fit("onnx:./no-such-folder")


def _fit(name):
    Penchant(settings=Settings(encoder=name)).fit(shop())
