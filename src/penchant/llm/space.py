"""One space of vectors for all texts of a catalogue.

    units   the distinct texts            (n_units,)
    E       encoder, most used units      (n_taught, dim)
    L       LSA, all units                (n_units, dim_lsa)
    M       ridge: L M ≈ E − mean(E)      places the texts that the encoder has not read,
            or a student of the encoder (`penchant.llm.student`), where these are many and short
    vectors = normalise(E − mean(E))      cosines of an encoder are squeezed until they are centred

With LSA as the encoder, E is L and every unit is taught.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from penchant.errors import DataError
from penchant.llm.base import Encoder, Role
from penchant.llm.encoders import encode_all
from penchant.llm.lsa import Lsa, unit_rows
from penchant.llm.student import Agreement, Student
from penchant.text.documents import bounded
from penchant.text.packing import Arrays, pack_strings, unpack_strings
from penchant.types import Floats, Progress, Rows, silent

__all__ = ["TextSpace"]

_RIDGES: Final = (0.1, 0.3, 1.0, 3.0, 10.0)
"""Regularisations tried for the map from LSA to the encoder."""

_SHORT: Final = 12.0
"""Mean words of the texts not read up to which a student of the encoder places them."""

_CLASS: Final = 300
"""Texts that a student needs to be taught."""

_HELD_OUT: Final = 5
"""One taught unit of so many tells how well the map does."""


@dataclass(frozen=True, slots=True)
class TextSpace:
    """Vectors of a catalogue's texts, and a way to place others among them.

    Attributes:
        unit: Row of each item's text in *texts*, ``(n_items,)``.
        texts: Distinct texts, by first item.
        vectors: ``(n_units, dim)``, centred, length 1; 0 for the empty text.
        taught: Whether the encoder has read the text, ``(n_units,)``.
        fidelity: Mean cosine of what places texts to the encoder on texts held out from it, in
            [−1, 1]; 1 where nothing needs it.
        neighbours: Share of the ten nearest that the student has in common with the encoder there,
            in [0, 1]; 0 without a student.
    """

    unit: Rows
    texts: list[str]
    vectors: Floats
    taught: npt.NDArray[np.bool_]
    fidelity: float
    _encoder: Encoder | None = field(repr=False)
    _lsa: Lsa = field(repr=False)
    _mean: Floats = field(repr=False)
    _map: Floats = field(repr=False)
    _words: int
    neighbours: float = 0.0
    _student: Student | None = field(default=None, repr=False)

    @classmethod
    def fit(
        cls,
        documents: Sequence[str],
        uses: npt.NDArray[np.number],
        *,
        encoder: Encoder | None,
        encode_texts: int = 4000,
        encode_words: int = 48,
        seed: int = 0,
        progress: Progress = silent,
    ) -> TextSpace:
        """Place the texts of a catalogue.

        Args:
            documents: One text per item.
            uses: How often each item was used, ``(n_items,)``, ≥ 0; the most used are encoded.
            encoder: Reads them; None or an `Lsa` leaves it to LSA alone.
            encode_texts: Distinct texts that the encoder reads at most.
            encode_words: Words it reads of each, from the front.
            seed: Start of random draws.
            progress: Is told how many texts are encoded.

        Raises:
            DataError: If there is not one use per document.
        """
        if len(documents) != len(uses):
            raise DataError(f"{len(uses)} uses for {len(documents)} documents")
        position = {text: row for row, text in enumerate(dict.fromkeys(documents))}
        unit = np.fromiter((position[text] for text in documents), np.int32, count=len(documents))
        texts = list(position)
        progress("reading texts", 0, len(texts))
        lsa = (encoder if isinstance(encoder, Lsa) else Lsa(seed=seed)).fit(texts)
        placed = lsa.encode(texts)
        progress("reading texts", len(texts), len(texts))
        if encoder is None or isinstance(encoder, Lsa):
            mean = _mean_of(placed, texts)
            everything = np.ones(len(texts), np.bool_)
            none = np.empty((0, 0), np.float32)
            vectors = unit_rows(placed - mean)
            vectors[~placed.any(axis=1)] = 0
            return cls(unit, texts, vectors, everything, 1.0, None, lsa, mean, none, encode_words)

        chosen = _most_used(
            texts, np.bincount(unit, uses, minlength=len(texts)).astype(np.float64), encode_texts
        )
        read = [bounded(texts[row], encode_words) for row in chosen]
        encoded = encode_all(encoder, read, progress=progress)
        mean = encoded.mean(axis=0) if len(chosen) else np.zeros(encoder.dim, np.float32)
        ridge, fidelity = _fit_map(placed[chosen], encoded - mean, seed=seed)
        student, agreement = None, Agreement(fidelity, 0.0)
        left = np.setdiff1d(np.flatnonzero([bool(text) for text in texts]), chosen)
        if len(chosen) >= _CLASS and _short([texts[row] for row in left]):
            features = lsa.tfidf(texts)
            student, agreement = Student.learn(
                features[chosen],
                encoded - mean,
                everything=features,
                lsa=lsa,
                encoder=encoder,
                seed=seed,
                progress=progress,
            )
            vectors = student.place(features)
        else:
            vectors = unit_rows(placed @ ridge)
        vectors[chosen] = unit_rows(encoded - mean)
        taught = np.zeros(len(texts), np.bool_)
        taught[chosen] = True
        return cls(
            unit,
            texts,
            vectors,
            taught,
            agreement.cosine,
            encoder,
            lsa,
            mean,
            ridge,
            encode_words,
            neighbours=agreement.neighbours,
            _student=student,
        )

    @property
    def encoder(self) -> Encoder:
        """What reads texts here: the encoder it was fitted with, else its LSA."""
        return self._encoder or self._lsa

    @property
    def taught_student(self) -> bool:
        """Whether a student of the encoder places texts, and not a map from LSA."""
        return self._student is not None

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return int(self.vectors.shape[1])

    @property
    def item_vectors(self) -> Floats:
        """The vector of each item's text, ``(n_items, dim)``."""
        return self.vectors[self.unit]

    def embed(self, texts: Sequence[str], *, role: Role = "query") -> Floats:
        """Return the vectors of any texts in this space, ``(len(texts), dim)``, centred, length 1.

        The encoder reads them, where there is one; without it LSA places them.  An empty text is 0,
        and so is one without a known word where LSA is all there is.
        """
        if self._encoder is None:
            return self.place(texts)
        read = [bounded(text, self._words) for text in texts]
        vectors = unit_rows(encode_all(self._encoder, read, role=role) - self._mean)
        vectors[[not text.strip() for text in texts]] = 0
        return vectors

    def place(self, texts: Sequence[str]) -> Floats:
        """Return the vectors of any texts without the encoder, ``(len(texts), dim)``.

        A text without a known word is 0.
        """
        if self._student is not None:
            return self._student.place(self._lsa.tfidf(texts))
        placed = self._lsa.encode(texts)
        vectors = unit_rows(placed @ self._map if self._map.size else placed - self._mean)
        vectors[~placed.any(axis=1)] = 0
        return vectors

    def state(self) -> Arrays:
        """Return everything learned, as arrays."""
        return {
            "unit": self.unit,
            "texts": pack_strings(self.texts),
            "vectors": self.vectors,
            "taught": self.taught,
            "mean": self._mean,
            "map": self._map,
            "numbers": np.array(
                [self.fidelity, self._words, self._encoder is not None, self.neighbours]
            ),
            **(self._student.state() if self._student is not None else {}),
            **{f"lsa_{name}": array for name, array in self._lsa.state().items()},
        }

    @classmethod
    def restore(cls, state: Arrays, *, encoder: Encoder | None) -> TextSpace:
        """Return the space that `state` described.

        Args:
            state: What `state` returned.
            encoder: The encoder it was fitted with; not used where that was LSA alone.
        """
        lsa = Lsa().restore({k[4:]: v for k, v in state.items() if k.startswith("lsa_")})
        fidelity, words, encoded, neighbours = state["numbers"].tolist()
        return cls(
            unit=state["unit"],
            texts=unpack_strings(state["texts"]),
            vectors=state["vectors"],
            taught=state["taught"],
            fidelity=fidelity,
            _encoder=encoder if encoded else None,
            _lsa=lsa,
            _mean=state["mean"],
            _map=state["map"],
            _words=int(words),
            neighbours=neighbours,
            _student=Student.restore(state),
        )


def _short(texts: Sequence[str]) -> bool:
    """Tell whether there are *texts* and they are short, so that words alone can tell of them."""
    return len(texts) > 0 and sum(len(text.split()) for text in texts) <= _SHORT * len(texts)


def _mean_of(vectors: Floats, texts: Sequence[str]) -> Floats:
    """Return the mean of the vectors of texts that are not empty, ``(dim,)``."""
    said = vectors[[bool(text) for text in texts]]
    mean: Floats = said.mean(axis=0) if len(said) else np.zeros(vectors.shape[1], np.float32)
    return mean


def _most_used(
    texts: Sequence[str], uses: npt.NDArray[np.floating], count: int
) -> npt.NDArray[np.int64]:
    """Return the rows of the *count* most used texts that are not empty, ascending."""
    order = [row for row in np.argsort(-uses, kind="stable").tolist() if texts[row]]
    return np.sort(np.array(order[:count], np.int64))


def _fit_map(placed: Floats, centred: Floats, *, seed: int) -> tuple[Floats, float]:
    """Return the ridge map ``(dim_lsa, dim)`` and its mean cosine on held-out texts."""
    n = len(placed)
    if n < 2 * _HELD_OUT:
        return _ridge(placed, centred, 1.0), 0.0
    test = np.zeros(n, np.bool_)
    test[np.random.default_rng(seed).permutation(n)[: n // _HELD_OUT]] = True
    goal = unit_rows(centred[test])
    cosines = [
        float(
            (unit_rows(placed[test] @ _ridge(placed[~test], centred[~test], l2)) * goal)
            .sum(1)
            .mean()
        )
        for l2 in _RIDGES
    ]
    best = int(np.argmax(cosines))
    return _ridge(placed, centred, _RIDGES[best]), cosines[best]


def _ridge(inputs: Floats, outputs: Floats, l2: float) -> Floats:
    """Return argmin_M ‖inputs M − outputs‖² + l2 ‖M‖², ``(inputs.shape[1], outputs.shape[1])``."""
    gram = inputs.T @ inputs + l2 * np.eye(inputs.shape[1], dtype=np.float32)
    solved: Floats = np.linalg.solve(gram, inputs.T @ outputs).astype(np.float32)
    return solved
