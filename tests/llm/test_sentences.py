"""A model of sentence-transformers keeps the contract, and nothing that may hold code is loaded.

Only the first part needs torch, which no other test does; it is skipped where that is not.
"""

from importlib.util import find_spec

import pytest

from penchant.errors import ModelError, UnavailableError
from penchant.llm import folders
from penchant.llm.encoders import open_encoder
from penchant.llm.sentences import SentenceEncoder
from penchant.llm.vectors import Prefixes
from penchant.testing import check_encoder

torch = pytest.mark.skipif(
    find_spec("sentence_transformers") is None, reason="penchant[sentence-transformers]: torch"
)


def make_bert(folder):
    """Write a tiny random model to *folder*, as sentence-transformers saves them."""
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415
    from sentence_transformers.sentence_transformer import modules  # noqa: PLC0415
    from transformers import BertConfig, BertModel, BertTokenizerFast  # noqa: PLC0415

    words = [
        "[PAD]",
        "[UNK]",
        "[CLS]",
        "[SEP]",
        "[MASK]",
        *["espresso", "beans", "moka", "pot", "rose", "q"],
    ]
    (folder / "plain").mkdir(parents=True)
    (folder / "vocab.txt").write_text("\n".join(words))
    tokenizer = BertTokenizerFast(vocab={word: n for n, word in enumerate(words)})
    tokenizer.save_pretrained(folder / "plain")
    sizes = {"hidden_size": 16, "num_attention_heads": 2, "intermediate_size": 16}
    config = BertConfig(vocab_size=len(words), num_hidden_layers=1, **sizes)
    BertModel(config).save_pretrained(folder / "plain", safe_serialization=True)
    tokens = modules.Transformer(str(folder / "plain"), max_seq_length=16)
    SentenceTransformer(modules=[tokens, modules.Pooling(16), modules.Normalize()]).save(
        str(folder / "whole"), safe_serialization=True
    )
    return folder / "whole"


@pytest.fixture(scope="module")
def bert(tmp_path_factory):
    return make_bert(tmp_path_factory.mktemp("bert"))


@torch
def test_it_keeps_the_contract(bert):
    check_encoder(open_encoder(f"sentence-transformers:{bert}"))


@torch
def test_prefixes_are_before_texts_and_in_the_name(bert):
    bare = SentenceEncoder(str(bert))
    one = SentenceEncoder(str(bert), prefixes=Prefixes("q ", ""))

    assert (one.encode(["pot"], role="query") == bare.encode(["q pot"])).all()
    assert one.name != bare.name


@pytest.fixture
def installed(monkeypatch):
    """As if the extra were there: what is refused is refused before anything is loaded."""
    monkeypatch.setattr(folders, "find_spec", lambda _: object())


def folder_of(tmp_path, *, step="sentence_transformers.modules.Transformer", **files):
    (tmp_path / "model.safetensors").write_bytes(b"x")
    (tmp_path / "modules.json").write_text(f'[{{"type": "{step}"}}]')
    for name in files.values():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
    return SentenceEncoder(str(tmp_path))


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("name", ["2_Dense/pytorch_model.bin", "2_Dense/weights.pt"])
def test_a_pickle_is_refused(tmp_path, name):
    with pytest.raises(ModelError, match="pickle"):
        folder_of(tmp_path, name=name).encode(["pot"])


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("step", ["modeling.Mine", "os.system", "sentence_transformersx.Mine"])
def test_a_step_of_strangers_is_refused(tmp_path, step):
    with pytest.raises(ModelError, match="strangers"):
        folder_of(tmp_path, step=step).encode(["pot"])


@pytest.mark.usefixtures("installed")
def test_weights_must_be_safetensors(tmp_path):
    (tmp_path / "pytorch_model.bin").write_bytes(b"x")
    with pytest.raises(UnavailableError, match="safetensors"):
        SentenceEncoder(str(tmp_path)).encode(["pot"])


def test_a_missing_extra_is_named(monkeypatch):
    monkeypatch.setattr(folders, "find_spec", lambda _: None)
    with pytest.raises(UnavailableError) as caught:
        open_encoder("sentence-transformers:anything")
    assert caught.value.hint == "pip install 'penchant[sentence-transformers]'"
