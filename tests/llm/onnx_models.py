"""Tiny real models in ONNX: a table of vectors, one a token, with a tokenizer beside it."""

import json

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, pre_tokenizers, processors

__all__ = ["WORDS", "make_model", "table"]

WORDS = [
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    "espresso",
    "beans",
    "moka",
    "pot",
    "rose",
    "query",
    "tea",
]
DIM = 6


def table(seed=0):
    """Return the vector of each of `WORDS`; the last one's is long."""
    rows = np.random.default_rng(seed).standard_normal((len(WORDS), DIM)).astype(np.float32)
    rows[-1] *= 5
    return rows


def make_model(folder, *, at="model.onnx", seed=0, ends="tokens", extra=None, **files):
    """Write a model to *folder* and return it.

    `ends` is what it gives: ``tokens``, ``sentence``, or ``batch``: tokens scaled by the largest
    number of the whole batch, as a model in eight bits is.  *files* are JSON files by name.
    """
    (folder / at).parent.mkdir(parents=True, exist_ok=True)
    onnx.save(_graph(ends, seed, extra), folder / at)
    tokenizer = Tokenizer(models.WordLevel({word: n for n, word in enumerate(WORDS)}, "[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    for name, content in files.items():
        path = folder / f"{name.replace('__', '/')}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content))
    return folder


def _graph(ends, seed, extra):
    ids = helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["n", "width"])
    mask = helper.make_tensor_value_info("attention_mask", TensorProto.INT64, ["n", "width"])
    more = [helper.make_tensor_value_info(extra, TensorProto.FLOAT, ["n"])] if extra else []
    rows = numpy_helper.from_array(table(seed), "rows")
    nodes = [helper.make_node("Gather", ["rows", "input_ids"], ["last_hidden_state"])]
    name, shape = "last_hidden_state", ["n", "width", DIM]
    if ends == "batch":
        nodes += [
            helper.make_node("ReduceMax", ["last_hidden_state"], ["most"], keepdims=1),
            helper.make_node("Sub", ["last_hidden_state", "most"], ["token_embeddings"]),
        ]
        name = "token_embeddings"
    if ends == "sentence":
        nodes.append(
            helper.make_node(
                "ReduceMax", ["last_hidden_state", "axis"], ["sentence_embedding"], keepdims=0
            )
        )
        name, shape = "sentence_embedding", ["n", DIM]
    axis = numpy_helper.from_array(np.array([1]), "axis")
    graph = helper.make_graph(
        nodes,
        "tiny",
        [ids, mask, *more],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)],
        [rows, axis],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)])
    model.ir_version = 9
    return model
