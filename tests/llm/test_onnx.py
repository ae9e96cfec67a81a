"""A model in ONNX keeps the contract, is read as its folder says, and refused where it cannot."""

import sys

import numpy as np
import pytest

from llm.onnx_models import WORDS, make_model, table
from penchant.errors import ModelError, UnavailableError
from penchant.llm.encoders import open_encoder
from penchant.llm.onnx import OnnxEncoder
from penchant.llm.vectors import Prefixes
from penchant.testing import check_encoder

CLS = {"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False}


def unit(vector):
    return vector / np.linalg.norm(vector)


def rows(*words):
    return table()[[WORDS.index(word) for word in words]]


@pytest.mark.parametrize("ends", ["tokens", "sentence", "batch"])
def test_it_keeps_the_contract(tmp_path, ends):
    """Also where a vector would depend on the whole batch: such a model reads one at a time."""
    make_model(tmp_path, ends=ends)
    check_encoder(open_encoder(f"onnx:{tmp_path}"))


def test_tokens_are_averaged_where_the_folder_says_nothing(tmp_path):
    found = OnnxEncoder(str(make_model(tmp_path))).encode(["moka pot", "espresso"])

    expected = rows("[CLS]", "moka", "pot", "[SEP]").mean(axis=0)
    np.testing.assert_allclose(found[0], unit(expected), atol=1e-6)
    np.testing.assert_allclose(
        found[1], unit(rows("[CLS]", "espresso", "[SEP]").mean(0)), atol=1e-6
    )


@pytest.mark.parametrize(
    ("config", "token"),
    [
        (CLS, "[CLS]"),
        ({"pooling_mode": "cls"}, "[CLS]"),
        ({"pooling_mode_lasttoken": True}, "[SEP]"),
    ],
)
def test_the_folder_names_the_token_that_counts(tmp_path, config, token):
    folder = make_model(tmp_path, **{"1_Pooling__config": config})
    found = OnnxEncoder(str(folder)).encode(["moka pot", "rose"])

    np.testing.assert_allclose(found, np.stack([unit(rows(token)[0])] * 2), atol=1e-6)


def test_prefixes_are_the_folders_own_unless_set(tmp_path):
    prompts = {"prompts": {"query": "query ", "passage": "moka "}}
    folder = str(make_model(tmp_path, config_sentence_transformers=prompts))
    own, bare = OnnxEncoder(folder), OnnxEncoder(folder, prefixes=Prefixes("", ""))

    np.testing.assert_allclose(
        own.encode(["pot"], role="query"), bare.encode(["query pot"]), atol=1e-6
    )
    np.testing.assert_allclose(own.encode(["pot"]), bare.encode(["moka pot"]), atol=1e-6)
    assert own.name != bare.name


def test_long_texts_end_where_the_model_does(tmp_path):
    folder = make_model(tmp_path, sentence_bert_config={"max_seq_length": 4})
    encoder = OnnxEncoder(str(folder))

    np.testing.assert_array_equal(encoder.encode(["moka pot"]), encoder.encode(["moka pot rose"]))
    assert np.isfinite(encoder.encode(["pot" * 1_000_000])).all()


def test_the_name_tells_models_apart(tmp_path):
    """What the cache is keyed by: weights, pooling, place of truncation; not where it lies."""
    one = make_model(tmp_path / "a" / "m")
    same = make_model(tmp_path / "b" / "m")
    other = make_model(tmp_path / "c" / "m", seed=1)
    cls = make_model(tmp_path / "d" / "m", **{"1_Pooling__config": CLS})
    short = make_model(tmp_path / "e" / "m", sentence_bert_config={"max_seq_length": 4})
    names = [OnnxEncoder(str(folder)).name for folder in (one, same, other, cls, short)]

    assert names[0] == names[1]
    assert len(set(names)) == 4


def test_it_is_found_as_exports_lay_it_out_or_by_its_file(tmp_path):
    folder = make_model(tmp_path, at="onnx/model.onnx")
    by_folder = OnnxEncoder(str(folder))
    by_file = OnnxEncoder(str(folder / "onnx" / "model.onnx"))

    assert by_folder.name == by_file.name
    np.testing.assert_array_equal(by_folder.encode(["pot"]), by_file.encode(["pot"]))


def steps(*kinds):
    return {"modules": [{"type": f"sentence_transformers.models.{kind}"} for kind in kinds]}


def test_a_step_that_the_file_lacks_is_refused_and_one_that_it_holds_is_not(tmp_path):
    dense = steps("Transformer", "Pooling", "Dense", "Normalize")
    lacks = make_model(tmp_path / "lacks", **dense)
    holds = make_model(tmp_path / "holds", ends="sentence", **dense)

    with pytest.raises(ModelError, match="Dense"):
        OnnxEncoder(str(lacks)).encode(["pot"])
    assert OnnxEncoder(str(holds)).encode(["pot"]).shape == (1, 6)


REFUSED = {
    "pooling": ({"1_Pooling__config": {"pooling_mode_max_tokens": True}}, "'max'"),
    "input": ({"extra": "pixels"}, "pixels"),
    "prefix": (
        {
            "1_Pooling__config": {"include_prompt": False},
            "config_sentence_transformers": {"prompts": {"query": "query "}},
        },
        "prefixes",
    ),
    "json": ({"modules": {"no": "list"}}, "modules.json"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_read_right_is_refused_by_name(tmp_path, case):
    files, said = REFUSED[case]
    with pytest.raises(ModelError, match=said):
        OnnxEncoder(str(make_model(tmp_path, **files))).encode(["pot"])


def test_damage_is_an_error_of_ours(tmp_path):
    folder = make_model(tmp_path)
    whole = (folder / "model.onnx").read_bytes()
    (folder / "model.onnx").write_bytes(whole[: len(whole) // 2])

    with pytest.raises(ModelError, match=r"model\.onnx"):
        OnnxEncoder(str(folder)).encode(["pot"])


def test_what_is_missing_is_named(tmp_path):
    with pytest.raises(UnavailableError, match=r"no model folder './nowhere'"):
        _ = OnnxEncoder("./nowhere").name
    with pytest.raises(UnavailableError, match=r"model\.onnx"):
        _ = OnnxEncoder(str(tmp_path)).name
    folder = make_model(tmp_path)
    (folder / "tokenizer.json").unlink()
    with pytest.raises(UnavailableError, match=r"tokenizer\.json"):
        _ = OnnxEncoder(str(folder)).name


def test_a_hubs_model_is_not_fetched_offline(monkeypatch, tmp_path):
    """`PENCHANT_OFFLINE` is set in tests; nothing asks the network."""
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(UnavailableError, match=r"'intfloat/e5'.*PENCHANT_OFFLINE"):
        _ = OnnxEncoder("intfloat/e5").name


def test_a_missing_extra_is_named(monkeypatch):
    monkeypatch.setattr("penchant.llm.folders.find_spec", lambda _: None)
    with pytest.raises(UnavailableError) as caught:
        OnnxEncoder("anything")

    assert "onnxruntime" in str(caught.value)
    assert caught.value.hint == "pip install 'penchant[onnx]'"


def test_opening_one_loads_nothing():
    assert open_encoder("onnx:./nowhere")
    assert "onnxruntime.backend" not in sys.modules
