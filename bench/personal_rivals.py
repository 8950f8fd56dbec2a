"""What machi is measured beside: Presidio as it comes, with the same Japanese model, and plain expressions."""

import re
import warnings
from collections.abc import Callable

from machi.language.engine.personal import Kind

Spans = list[tuple[int, int, Kind]]

_PRESIDIO = {
    "PERSON": Kind.PERSON,
    "LOCATION": Kind.ADDRESS,
    "DATE_TIME": Kind.DATE_OF_BIRTH,
    "PHONE_NUMBER": Kind.TELEPHONE,
    "EMAIL_ADDRESS": Kind.EMAIL,
    "CREDIT_CARD": Kind.CREDIT_CARD,
}
_GINZA = {
    "Person": "PERSON",
    "Date": "DATE_TIME",
    **dict.fromkeys(
        ("City", "Province", "Country", "Location_Other", "GPE_Other", "Postal_Address", "Address_Other"),
        "LOCATION",
    ),
}
_D, _H = r"[0-9０-９]", r"[-－ー‐ ]?"
_PLAIN = {
    Kind.MY_NUMBER: rf"(?<!{_D}){_D}{{4}}{_H}{_D}{{4}}{_H}{_D}{{4}}(?!{_D})",
    Kind.CORPORATE_NUMBER: rf"(?<!{_D}){_D}{{13}}(?!{_D})",
    Kind.BASIC_PENSION_NUMBER: rf"(?<!{_D}){_D}{{4}}{_H}{_D}{{6}}(?!{_D})",
    Kind.DRIVERS_LICENCE: rf"(?<!{_D}){_D}{{12}}(?!{_D})",
    Kind.PASSPORT: rf"[A-Z]{{2}}{_D}{{7}}(?!{_D})",
    Kind.RESIDENCE_CARD: rf"[A-Z]{{2}}{_D}{{8}}[A-Z]{{2}}",
    Kind.HEALTH_INSURANCE: rf"(?<=記号)[ 　：]?[^ 　、：\n]+[ 　、]番号[ 　：は]?{_D}+",
    Kind.BANK_ACCOUNT: rf"(?<!{_D}){_D}{{7}}(?!{_D})",
    Kind.CREDIT_CARD: rf"(?<!{_D}){_D}{{4}}{_H}{_D}{{4}}{_H}{_D}{{4}}{_H}{_D}{{4}}(?!{_D})",
    Kind.TELEPHONE: rf"(?<!{_D})[(（]?[0０]{_D}{{1,4}}[-－ー() （）]?{_D}{{1,4}}[-－ー()（） ]?{_D}{{3,4}}(?!{_D})",
    Kind.EMAIL: r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
    Kind.POSTAL_CODE: rf"(?<=〒){_D}{{3}}[-－]?{_D}{{4}}",
    Kind.ADDRESS: (
        r"(?:東京都|北海道|京都府|大阪府|[一-龥]{2,3}県)[^ 　、。\n]{1,25}?"
        rf"{_D}+(?:[-－丁目番地号の]+{_D}+)*(?:番地|号)?"
    ),
    Kind.DATE_OF_BIRTH: (
        rf"(?:(?:昭和|平成|令和|大正)(?:{_D}{{1,2}}|元)年|(?:19|20){_D}{{2}}年){_D}{{1,2}}月{_D}{{1,2}}日(?=生)"
        rf"|(?<=生年月日[：:])[^ 　、。\n]{{6,14}}"
    ),
    Kind.PERSON: (
        r"[一-龥々]{1,4}[ 　]?[一-龥々ぁ-んァ-ヶ]{0,4}(?=さん|様|氏)"
        r"|(?<=氏名：)[^\s、。]{2,4}[ 　]?[^\s、。]{1,4}"
    ),
}


def plain(text: str) -> Spans:
    """What an afternoon of regular expressions finds."""
    return [
        (match.start(), match.end(), kind)
        for kind, pattern in _PLAIN.items()
        for match in re.finditer(pattern, text)
    ]


def presidio() -> Callable[[str], Spans]:
    """Presidio's predefined recognisers for every language, told that the text is Japanese, on ja_ginza."""
    import spacy
    import tldextract.tldextract as domains
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
    from presidio_analyzer.nlp_engine import NerModelConfiguration, SpacyNlpEngine

    # Presidio's recogniser of e-mail would fetch the public suffix list; it gets the one in its package.
    domains.TLD_EXTRACTOR = domains.TLDExtract(suffix_list_urls=())
    engine = SpacyNlpEngine(
        models=[{"lang_code": "ja", "model_name": "ja_ginza"}],
        ner_model_configuration=NerModelConfiguration(model_to_presidio_entity_mapping=_GINZA),
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        nlp = spacy.load("ja_ginza")
    engine.nlp = {"ja": nlp}  # type: ignore[assignment]
    engine.ner_model_configuration.labels_to_ignore = set(nlp.pipe_labels["ner"]) - set(_GINZA)
    registry = RecognizerRegistry(supported_languages=["ja"])
    registry.load_predefined_recognizers(languages=["ja"], nlp_engine=engine)
    analyzer = AnalyzerEngine(registry=registry, nlp_engine=engine, supported_languages=["ja"])

    def find(text: str) -> Spans:
        results = analyzer.analyze(text, "ja", entities=list(_PRESIDIO))
        return [(r.start, r.end, _PRESIDIO[r.entity_type]) for r in results]

    return find
