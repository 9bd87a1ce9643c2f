"""The form in which samples enter a network: images reshaped, texts as multi-hot rows or padded sequences.

Multi-hot texts are sparse matrices (CSR): of the 10,000 places of a row some hundred are not 0, so 25,000
reviews take some 40 MB instead of the 1 GB (2 GB as float64) that the same numbers take written out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, Union

import numpy as np
from numpy.typing import NDArray

from core.datasets.dataset import RaggedTokens
from core.datasets.tokenization import PADDING, texts_to_sequences
from core.experiment import Encoding, FlatEncoding, ImageEncoding, MultiHotEncoding, PaddedEncoding

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Inputs: TypeAlias = Union[NDArray[np.float32], NDArray[np.int32], "csr_matrix"]
"""What a network is fed: an array, its first axis the samples, or a sparse matrix with one row a sample."""

_IN_COLOURS = 4
_PIECE = 4_000
"""Texts that are encoded at a time."""


def encode_images(images: NDArray[np.float32], encoding: Encoding) -> NDArray[np.float32]:
    """Give images (n, height, width), or (n, height, width, 3), the shape an encoding wants, without copying."""
    if isinstance(encoding, FlatEncoding):
        return images.reshape(len(images), -1)
    if isinstance(encoding, ImageEncoding):
        return images if images.ndim == _IN_COLOURS else images[..., np.newaxis]
    return images.reshape(*images.shape[:2], -1)


@dataclass(frozen=True, eq=False)
class TextEncoder:
    """Turns texts into a network's inputs; `weights` is how each word counts with tf-idf, float32 (num_words,)."""

    encoding: MultiHotEncoding | PaddedEncoding
    weights: NDArray[np.float32] | None = None

    def __call__(self, texts: RaggedTokens) -> csr_matrix | NDArray[np.int32]:
        """Encode texts given as ranks: float32 CSR (n, num_words), or int32 (n, length).

        Piece by piece, for what is made on the way takes ten times the memory of the result.
        """
        encoded: list[Any] = [
            self.of_sequences(texts_to_sequences(piece, self.encoding.num_words))
            for piece in texts.pieces(_PIECE)
        ]
        if len(encoded) == 1:
            return encoded[0]
        if isinstance(self.encoding, PaddedEncoding):
            return np.concatenate(encoded)
        from scipy.sparse import vstack

        return vstack(encoded, format="csr")

    def of_sequences(self, numbers: RaggedTokens) -> csr_matrix | NDArray[np.int32]:
        """Encode texts given as numbers below `num_words`, start marks included."""
        if isinstance(self.encoding, PaddedEncoding):
            return pad_sequences(numbers, self.encoding)
        rows = bag_of_words(numbers, self.encoding.num_words)
        if self.encoding.values == "binary":
            rows.data[:] = 1
        elif self.weights is not None:
            return tf_idf(rows, self.weights)
        return rows


def text_encoder(encoding: MultiHotEncoding | PaddedEncoding, training: RaggedTokens) -> TextEncoder:
    """The encoder of an experiment; only tf-idf looks at the training texts, given as ranks."""
    if isinstance(encoding, PaddedEncoding) or encoding.values != "tf_idf":
        return TextEncoder(encoding)
    rows = bag_of_words(texts_to_sequences(training, encoding.num_words), encoding.num_words)
    return TextEncoder(encoding, inverse_document_frequencies(rows))


def bag_of_words(numbers: RaggedTokens, num_words: int) -> csr_matrix:
    """How often each number occurs in each text: float32 CSR (texts, num_words), columns ascending."""
    from scipy.sparse import csr_matrix  # takes its time to load, and most pages do without

    shape = (len(numbers), num_words)
    ones = np.ones(len(numbers.tokens), dtype=np.float32)
    rows = csr_matrix((ones, numbers.tokens.copy(), numbers.offsets.astype(np.int32)), shape=shape)
    rows.sum_duplicates()
    return rows


def inverse_document_frequencies(counts: csr_matrix) -> NDArray[np.float32]:
    """How rare each number is among n texts: ln((1 + n) / (1 + texts with it)) + 1, float32 (num_words,).

    The smoothed form that scikit-learn's TfidfTransformer uses by default.
    """
    texts, places = counts.shape
    having = np.bincount(counts.indices, minlength=places)
    weights: NDArray[np.float32] = (np.log((1 + texts) / (1 + having)) + 1).astype(np.float32)
    return weights


def tf_idf(counts: csr_matrix, weights: NDArray[np.float32]) -> csr_matrix:
    """tf-idf: counts times weights, each row then brought to length 1 (the square root of its sum of squares)."""
    from scipy.sparse import csr_matrix

    data = counts.data * weights[counts.indices]
    squares = np.add.reduceat(data.astype(np.float64) ** 2, counts.indptr[:-1])
    data /= np.repeat(np.sqrt(squares).astype(np.float32), np.diff(counts.indptr))
    return csr_matrix((data, counts.indices, counts.indptr), shape=counts.shape)


def pad_sequences(numbers: RaggedTokens, encoding: PaddedEncoding) -> NDArray[np.int32]:
    """All texts at one length, as `keras.utils.pad_sequences` makes them: int32 (texts, length)."""
    length, starts, ends = encoding.length, numbers.offsets[:-1], numbers.offsets[1:]
    kept = np.minimum(numbers.lengths, length)
    # For each place of the result the token it takes; outside of the text there is none.
    first = ends - kept if encoding.cut == "start" else starts
    shift = length - kept if encoding.fill == "start" else np.zeros_like(kept)
    place = np.arange(length) - shift[:, np.newaxis]
    inside = (place >= 0) & (place < kept[:, np.newaxis])
    result = np.full((len(numbers), length), PADDING, dtype=np.int32)
    result[inside] = numbers.tokens[(first[:, np.newaxis] + place)[inside]]
    return result
