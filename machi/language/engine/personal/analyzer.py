"""Presidio with our recognisers, and nothing of Presidio's that speaks of other countries or fetches lists."""

import threading
from collections.abc import Callable, Iterable, Sequence
from functools import cache

from presidio_analyzer import (
    AnalysisExplanation,
    AnalyzerEngine,
    LocalRecognizer,
    RecognizerRegistry,
    RecognizerResult,
)
from presidio_analyzer.nlp_engine import NlpArtifacts

from machi.language.engine.personal import (
    birth_trained,
    births,
    contacts,
    identifiers,
    insurance,
    money,
    tables,
)
from machi.language.engine.personal.addresses import addresses
from machi.language.engine.personal.ginza import LANGUAGE, Ginza
from machi.language.engine.personal.kinds import Found, Kind
from machi.language.engine.personal.name_tokens import Labelled, Token, without_reading
from machi.language.engine.personal.names import names
from machi.language.engine.personal.rules import Rule, matches

_lock = threading.Lock()
"""Sudachi's tokenizer keeps state while it works, and spaCy has one."""


class Recogniser(LocalRecognizer):
    """A function over a view and its analysis, as Presidio wants it."""

    def __init__(
        self, name: str, kinds: Iterable[Kind], find: Callable[[str, NlpArtifacts], Iterable[Found]]
    ) -> None:
        self._find = find
        self._title = name
        super().__init__(supported_entities=list(kinds), supported_language=LANGUAGE, name=name)

    def load(self) -> None:
        """Nothing: the language model belongs to the NLP engine."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        assert nlp_artifacts is not None
        return [
            RecognizerResult(
                one.kind,
                one.start,
                one.end,
                one.score,
                AnalysisExplanation(self._title, one.score, textual_explanation=one.reason),
            )
            for one in self._find(text, nlp_artifacts)
            if one.kind in entities
        ]


def _patterns(name: str, rules: Sequence[Rule]) -> Recogniser:
    return Recogniser(name, {rule.kind for rule in rules}, lambda text, _: matches(text, rules))


def _seen(analysis: NlpArtifacts) -> tuple[list[Token], list[Labelled]]:
    """Words, and what the language model names, of any kind."""
    document = analysis.tokens
    words = [
        part
        for token in document
        for part in without_reading(Token(token.text, token.idx, token.tag_))
        if part.text.strip()
    ]
    return words, [(span.start_char, span.end_char, span.label_) for span in document.ents]


def read(text: str) -> tuple[list[Token], list[Labelled]]:
    """The view ``text`` as the recognisers of names are shown it."""
    with _lock:
        return _seen(analyzer().nlp_engine.process_text(text, LANGUAGE))


def _names(text: str, analysis: NlpArtifacts) -> Iterable[Found]:
    return names(text, *_seen(analysis))


@cache
def analyzer() -> AnalyzerEngine:
    """Presidio's engine, one a process. Seconds at the first call."""
    recognisers = [
        _patterns("identifiers", identifiers.RULES),
        _patterns("insurance", insurance.RULES),
        _patterns("money", money.RULES),
        _patterns("contacts", contacts.RULES),
        _patterns("births", births.RULES),
        Recogniser("addresses", [Kind.ADDRESS], lambda text, _: addresses(text)),
        Recogniser("tables", Kind, lambda text, _: tables.in_columns(text)),
        Recogniser("names", [Kind.PERSON], _names),
    ]
    return AnalyzerEngine(
        registry=RecognizerRegistry(recognisers, supported_languages=[LANGUAGE]),
        nlp_engine=Ginza(),
        supported_languages=[LANGUAGE],
    )


def analyse(text: str) -> list[Found]:
    """Everything every recogniser sees in the view ``text``, overlapping or not."""
    if not text.strip():
        return []
    with _lock:
        results = analyzer().analyze(text, LANGUAGE, return_decision_process=True)
    found = [
        Found(Kind(r.entity_type), r.start, r.end, r.score, r.analysis_explanation.textual_explanation)
        for r in results
    ]
    persons = [(one.start, one.end) for one in found if one.kind is Kind.PERSON]
    said = [one for one in found if one.kind is Kind.DATE_OF_BIRTH]
    rest = [one for one in found if one.kind is not Kind.DATE_OF_BIRTH]
    return [*rest, *birth_trained.weighed(text, persons, said)]
