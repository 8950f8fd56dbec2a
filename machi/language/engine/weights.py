"""The words of a question as bits, so that what a text covers of them is one bitwise OR away."""

from collections.abc import Iterable, Iterator, Sequence

from machi.language.engine.terms import Occurrence, Term, occurrences

PAIR_WEIGHT = 0.7
"""Of two nouns that make one word in the question (児童手当), against the lighter of the two."""


class Weights:
    """The question's words with their weights, as bits.

    Weights come from the words' classes alone: weighing by document frequencies as well was tried and chose no
    better (``docs/bench/answers.md``), and an answer that hangs on one index's counts is harder to explain.
    """

    def __init__(self, terms: Sequence[Term]) -> None:
        self.terms = tuple(terms)
        pairs = [index for index, term in enumerate(self.terms) if term.joined]
        single = tuple(term.weight for term in self.terms)
        self.values = single + tuple(PAIR_WEIGHT * min(single[i - 1], single[i]) for i in pairs)
        self.total = sum(self.values)
        self._bits: dict[str | int, int] = {}
        for index, term in enumerate(self.terms):
            keys: tuple[str | int, ...] = (term.form, *term.groups)
            for key in keys:
                self._bits[key] = self._bits.get(key, 0) | 1 << index
        # (bit of the pair, bits of its two words): 児童手当 is not met by 児童扶養手当.
        self._pairs = tuple(
            (1 << len(self.terms) + number, 1 << index - 1, 1 << index) for number, index in enumerate(pairs)
        )
        # 雨 is met by 雨天 and 歯 by 歯科, which are words of their own: kanji carry their meaning along. A name in
        # kana may be cut differently in the question and in the text.
        self._inside = (
            *(
                (1 << index, term.surface)
                for index, term in enumerate(self.terms)
                if len(term.surface) >= 3 or _is_kanji(term.surface)
            ),
            *(
                (bit, self.terms[index - 1].surface + self.terms[index].surface)
                for (bit, _, _), index in zip(self._pairs, pairs, strict=True)
            ),
        )

    def bits(self, form: str, groups: tuple[int, ...]) -> int:
        """The words of the question that a word of a passage stands for."""
        found = self._bits.get(form, 0)
        for group in groups:
            found |= self._bits.get(group, 0)
        return found

    def met(self, words: Iterable[Occurrence]) -> Iterator[tuple[Occurrence, int]]:
        """Each of ``words`` with the words of the question it stands for, and pairs that end with it."""
        before, end = 0, -1
        for word in words:
            bits = found = self.bits(word.form, word.groups)
            if word.start == end:
                for pair, first, second in self._pairs:
                    if before & first and bits & second:
                        found |= pair
            before, end = bits, word.end
            yield word, found

    def inside(self, text: str, mask: int) -> int:
        """``mask`` with the words of the question that stand in ``text`` inside longer words."""
        for bit, surface in self._inside:
            if not mask & bit and surface in text:
                mask |= bit
        return mask

    def as_written(self, text: str) -> int:
        """The words of the question that stand in ``text`` just as they were typed: cheap, and rough."""
        found = sum(1 << index for index, term in enumerate(self.terms) if term.surface in text)
        return self.inside(text, found)

    def mask(self, text: str) -> int:
        """The words of the question found anywhere in ``text``."""
        found = 0
        for _, bits in self.met(occurrences(text)):
            found |= bits
        return self.inside(text, found)

    def coverage(self, mask: int) -> float:
        """Share of the question's weight that ``mask`` covers, 0-1; 0 where there are no content words."""
        if not self.total:
            return 0.0
        return sum(value for index, value in enumerate(self.values) if mask >> index & 1) / self.total

    def missing(self, mask: int) -> tuple[Term, ...]:
        """The words of the question that ``mask`` does not cover."""
        return tuple(term for index, term in enumerate(self.terms) if not mask >> index & 1)

    def focus(self, heading: str) -> float:
        """How far ``heading`` is about the question and nothing else, 0-1: the F-measure of their words."""
        met = [bits for _, bits in self.met(occurrences(heading))]
        covered = 0
        for bits in met:
            covered |= bits
        recall = self.coverage(self.inside(heading, covered))
        precision = sum(bool(bits) for bits in met) / len(met) if met else 0.0
        return 2 * recall * precision / (recall + precision) if recall and precision else 0.0


def _is_kanji(surface: str) -> bool:
    return all("\u3400" <= char <= "\u9fff" or char == "々" for char in surface)
