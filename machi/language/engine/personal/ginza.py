"""The Japanese language model (ja_ginza on spaCy) as Presidio's NLP engine. Loaded on first use, from its wheel.

Presidio's own engine would look for a GPU, and would fetch a model that is missing; this one does neither.
"""

import warnings
from collections.abc import Iterator

import spacy
from presidio_analyzer.nlp_engine import NerModelConfiguration, NlpArtifacts, SpacyNlpEngine
from spacy.tokens import Doc

LANGUAGE = "ja"
_MODEL = "ja_ginza"
_UNUSED = ["parser", "morphologizer", "compound_splitter", "bunsetu_recognizer"]
_CHUNK = 4_000
"""Characters at once. Sudachi refuses more than 49,149 bytes."""


class Ginza(SpacyNlpEngine):
    """Tokens with Sudachi's parts of speech, and named entities: those of persons are called PERSON."""

    def __init__(self) -> None:
        super().__init__(
            models=[{"lang_code": LANGUAGE, "model_name": _MODEL}],
            ner_model_configuration=NerModelConfiguration(
                model_to_presidio_entity_mapping={"Person": "PERSON"}, default_score=0.6
            ),
        )

    def load(self) -> None:
        with warnings.catch_warnings():
            # spaCy 3.8 makes its tokenizer by a call that Sudachi 0.7 has given a new name.
            warnings.filterwarnings("ignore", "Dictionary.create", DeprecationWarning)
            nlp = spacy.load(_MODEL, exclude=_UNUSED)
        self.nlp = {LANGUAGE: nlp}  # type: ignore[assignment]  # Presidio's own says None
        self.ner_model_configuration.labels_to_ignore = set(nlp.pipe_labels["ner"]) - {"Person"}

    def process_text(self, text: str, language: str) -> NlpArtifacts:
        nlp = self.get_nlp(language)
        docs = [nlp(chunk) for chunk in chunks(text)]
        for doc in docs:
            doc.user_data.clear()  # Sudachi's shorter units, which spaCy cannot merge and would warn of
        doc = docs[0] if len(docs) == 1 else Doc.from_docs(docs, ensure_whitespace=False)
        return self._doc_to_nlp_artifact(doc, language)


def chunks(text: str) -> Iterator[str]:
    """``text`` cut behind newlines or full stops (else anywhere) into at most ``_CHUNK`` characters."""
    start = 0
    while len(text) - start > _CHUNK:
        end = max(text.rfind(stop, start, start + _CHUNK) for stop in "\n。")
        end = end + 1 if end > start else start + _CHUNK
        yield text[start:end]
        start = end
    yield text[start:]
