"""What own texts are cut into before they are numbered: one class for each way, the same for files and for typed texts.

A tokenizer gets texts as `core.own_data.written` makes them, and says of each token what it is called and which
characters of the text it is made of, so that a page can colour the text as it was written.
"""

from __future__ import annotations

import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.util import find_spec
from itertools import pairwise
from threading import Lock
from typing import Any, ClassVar

from core.catalog import Tokens
from core.datasets.tokenization import places_of_words, words_in
from core.errors import DataError
from core.processors import processors

#: Hangul letters that stand alone, as in laughter: NFKC makes conjoining ones of them, which most fonts draw badly.
_LETTERS = {
    ord(unicodedata.normalize("NFKC", chr(code))): chr(code)
    for code in range(ord("\N{HANGUL LETTER KIYEOK}"), ord("\N{HANGUL LETTER ARAEAE}") + 1)
    if chr(code) != "\N{HANGUL FILLER}"
}
#: Final letters by themselves, as the ending -ㄴ다 has one: Kiwi gives those that hang below a syllable.
_FINALS = {
    code: unicodedata.lookup(unicodedata.name(chr(code)).replace("JONGSEONG", "LETTER"))
    for code in range(ord("\N{HANGUL JONGSEONG KIYEOK}"), ord("\N{HANGUL JONGSEONG HIEUH}") + 1)
}
#: Marks where a word begins and ends; no word has it, for it separates words.
EDGE = "_"
INSTALL = "pip install 'turning-point[korean]'"


@dataclass(frozen=True)
class Piece:
    """A token of a text, as its vocabulary has it, and between which characters of the text it stands."""

    token: str
    start: int
    end: int


class Tokenizer(ABC):
    """A way to cut texts.

    Attributes:
        name: As `DatasetInfo.tokens` has it.
    """

    name: ClassVar[Tokens]

    @abstractmethod
    def cut(self, text: str) -> tuple[Piece, ...]:
        """The tokens of a text in their order."""

    def tokens(self, texts: Iterable[str]) -> Iterator[Sequence[str]]:
        """The tokens of many texts, without their places."""
        return ([piece.token for piece in self.cut(text)] for text in texts)

    @property
    def missing(self) -> DataError | None:
        """Why it cannot be used on this computer; None if it can."""
        return None


class Words(Tokenizer):
    """Words as the texts of IMDB are cut into: at blanks and signs, in small letters."""

    name = "words"

    def cut(self, text: str) -> tuple[Piece, ...]:
        """The words."""
        places = places_of_words(text)
        return tuple(
            Piece(word, *place) for word, place in zip(self._words(text), places, strict=True) if word
        )

    def tokens(self, texts: Iterable[str]) -> Iterator[Sequence[str]]:
        """The words of many texts."""
        return map(self._words, texts)

    @staticmethod
    def _words(text: str) -> list[str]:
        words = words_in(text)
        return list(words) if text.isascii() else [word.translate(_LETTERS) for word in words]


class CharPairs(Tokenizer):
    """Pairs of neighbouring characters of a word, with a mark for its beginning and its end: 영화 is _영, 영화, 화_.

    Korean words carry their particles and endings, so that one word has hundreds of forms; the pairs of its stem are
    the same in all of them. The marks tell a syllable that begins or ends a word from the same one inside of it. Of
    pairs alone, with a mark at the beginning, with both marks, across blanks, and pairs with single characters beside
    them, those with both marks were the best for reviews of films, by their validation part.
    """

    name = "char_pairs"

    def cut(self, text: str) -> tuple[Piece, ...]:
        """The pairs."""
        return tuple(piece for start, end in places_of_words(text) for piece in self._of(text, start, end))

    @staticmethod
    def _of(text: str, start: int, end: int) -> Iterator[Piece]:
        signs = [(_plain(text[place]), place) for place in range(start, end)]
        signs = [(sign, place) for sign, place in signs if sign]
        if not signs:
            return
        yield Piece(EDGE + signs[0][0], signs[0][1], signs[0][1] + 1)
        for (one, first), (other, last) in pairwise(signs):
            yield Piece(one + other, first, last + 1)
        yield Piece(signs[-1][0] + EDGE, signs[-1][1], signs[-1][1] + 1)


class Morphemes(Tokenizer):
    """Morphemes with their kind, as `kiwipiepy` finds them: 재밌었어요 is 재밌/VA, 었/EP, 어요/EF.

    Signs stay, for readers write what they think with them, too.
    """

    name = "morphemes"
    _BATCH: ClassVar[int] = 1_000

    def __init__(self) -> None:
        self._lock = Lock()

    def cut(self, text: str) -> tuple[Piece, ...]:
        """The morphemes."""
        with self._lock:
            found = self._kiwi.tokenize(text)
        return tuple(Piece(_name(one), one.start, one.start + max(one.len, 1)) for one in found)

    def tokens(self, texts: Iterable[str]) -> Iterator[Sequence[str]]:
        """The morphemes of many texts; Kiwi asks for the texts as it goes on."""
        with self._lock:
            for found in self._kiwi.tokenize(texts):
                yield [_name(one) for one in found]

    @property
    def missing(self) -> DataError | None:
        """Whether `kiwipiepy` is installed; it is not loaded for that."""
        if find_spec("kiwipiepy") is None:
            return DataError("own_morphemes_missing", command=INSTALL)
        return None

    @cached_property
    def _kiwi(self) -> Any:
        missing = self.missing
        if missing is not None:
            raise missing
        from kiwipiepy import Kiwi

        # Without the names of several words and the misspellings that it knows, it needs 200 MB less.
        workers = min(2, processors())
        return Kiwi(num_workers=workers, load_multi_dict=False, load_typo_dict=False)


_TOKENIZERS: dict[Tokens, type[Tokenizer]] = {each.name: each for each in (Words, CharPairs, Morphemes)}


@cache
def tokenizer(name: Tokens) -> Tokenizer:
    """The tokenizer of a name; one of each in a process."""
    return _TOKENIZERS[name]()


def check(name: Tokens) -> None:
    """Refuse a tokenizer that cannot be used on this computer with a DataError ("own_morphemes_missing")."""
    missing = tokenizer(name).missing
    if missing is not None:
        raise missing


@cache
def _plain(sign: str) -> str:
    """A character as pairs have it: in small letters, in the one form of its kind; "" for one that nobody sees."""
    return "".join(words_in(sign)).translate(_LETTERS)


def _name(morpheme: Any) -> str:
    form = "".join(str(morpheme.form).split()).lower().translate(_FINALS)
    return f"{form}/{morpheme.tag}"
