"""The catalogues: every text in English, and the residents' screens in easier Japanese."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import django
import polib
import pytest
from django.test import Client
from django.utils import translation

from machi.base.rooms import ai_system
from machi.frontdesk.apps import ANSWERS, DRAFTS

ROOT = Path(__file__).parent.parent
LOCALES = ROOT / "machi" / "locale"
WRITTEN = sorted(LOCALES.rglob("*.po"))
RESIDENTS = re.compile(
    r"frontdesk/(templates/frontdesk/resident/|web/resident|domain/answers\.py)"
    r"|base/web/(about|home)\.py"
    r"|governance/(templates/governance/transparency/|web/transparency\.py|domain/(transparency|permission)\.py)"
    r"|base/templates/(\w+\.html|base/\w*(frame|home|about|accessibility|sources|error|town_card|with_aside"
    r"|ledger_roots|not_approved)\.html)"
    r"|base/templates/base/components/(ai_note|breadcrumbs|citations|confidence|emergency|empty|errors|fields"
    r"|footer|form|languages|notice|pagination)\.html"
)
"""Where the texts stand that residents see."""
STAFF = re.compile(r"base/templates/base/(staff_home|ledger_sources)\.html")
KANJI = re.compile(r"[\u4e00-\u9fff々]")
KANJI_WITHOUT_READING = re.compile(r"[\u4e00-\u9fff々]+(?![\u4e00-\u9fff々])(?!（[ぁ-ん]+）)")
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|(?<!\{)\{(\w+)\}(?!\})")
JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """machi/locale as bin/messages leaves it when it runs now, on a copy."""
    copy = tmp_path_factory.mktemp("collected")
    shutil.copytree(ROOT / "machi", copy / "machi", ignore=shutil.ignore_patterns("static", "data", "*.pyc"))
    shutil.copytree(ROOT / "bin", copy / "bin")
    (copy / ".venv").symlink_to(ROOT / ".venv")
    subprocess.run([copy / "bin" / "messages"], check=True, capture_output=True)
    return copy / "machi" / "locale"


def entries(catalogue: Path) -> list[polib.POEntry]:
    return [entry for entry in polib.pofile(str(catalogue)) if not entry.obsolete]


def translations(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def missing(found: Iterator[polib.POEntry]) -> list[str]:
    return [entry.msgid for entry in found if not entry.translated()]  # fuzzy counts as not translated


def for_residents(entry: polib.POEntry) -> bool:
    return any(RESIDENTS.match(place) and not STAFF.match(place) for place, _ in entry.occurrences)


def test_english_has_every_text(collected: Path) -> None:
    found = entries(collected / "en/LC_MESSAGES/django.po")
    assert len(found) > 800
    assert missing(iter(found)) == []


def test_easier_japanese_has_every_text_with_kanji_that_residents_see(collected: Path) -> None:
    found = [e for e in entries(collected / "ja_Easy/LC_MESSAGES/django.po") if for_residents(e)]
    assert len(found) > 150
    assert missing(entry for entry in found if KANJI.search(entry.msgid)) == []


def test_easier_japanese_gives_the_reading_of_every_kanji() -> None:
    found = [e for e in entries(LOCALES / "ja_Easy/LC_MESSAGES/django.po") if for_residents(e)]
    without = {t: KANJI_WITHOUT_READING.findall(t) for entry in found for t in translations(entry)}
    assert {text: words for text, words in without.items() if words} == {}


@pytest.mark.parametrize("catalogue", WRITTEN, ids=lambda path: str(path.relative_to(LOCALES)))
def test_translations_keep_the_placeholders(catalogue: Path) -> None:
    differing = [
        (entry.msgid, text)
        for entry in entries(catalogue)
        for text in translations(entry)
        if text and set(PLACEHOLDER.findall(text)) != set(PLACEHOLDER.findall(entry.msgid))
    ]
    assert differing == []


@pytest.mark.parametrize("catalogue", WRITTEN, ids=lambda path: str(path.relative_to(LOCALES)))
def test_translations_can_be_filled_in(catalogue: Path) -> None:
    for entry in entries(catalogue):
        values = {name or other: 1 for name, other in PLACEHOLDER.findall(entry.msgid)}
        for text in translations(entry):
            if "python-format" in entry.flags:
                assert "%(" not in text % values
            if "python-brace-format" in entry.flags:
                assert "{" not in text.format(**values)


@pytest.mark.parametrize("catalogue", WRITTEN, ids=lambda path: str(path.relative_to(LOCALES)))
def test_plurals_are_complete(catalogue: Path) -> None:
    """Babel compiles an empty plural form to an empty text, where an empty singular shows the Japanese."""
    assert [e.msgid for e in entries(catalogue) if e.msgid_plural and not all(translations(e))] == []


@pytest.mark.parametrize("language", ["ja", "ja_Easy"])
def test_plainer_words_of_django_are_still_its_words(language: str) -> None:
    own = Path(django.__file__).parent.glob("c*/**/locale/ja/LC_MESSAGES/django.po")
    known = {(entry.msgid, entry.msgid_plural) for catalogue in own for entry in entries(catalogue)}
    written = entries(LOCALES / f"frameworks/{language}/LC_MESSAGES/django.po")
    assert {(entry.msgid, entry.msgid_plural) for entry in written} - known == set()


@pytest.mark.parametrize("key", [ANSWERS, DRAFTS])
def test_easier_japanese_tells_what_an_ai_system_is_and_does(key: str) -> None:
    """What a room declares stands on the transparency page as well."""
    shown = ("title", "purpose", "inputs", "method", "model", "data", "reviewer", "never")
    with translation.override("ja-easy"):
        told = {name: str(getattr(ai_system(key), name)) for name in shown}
    assert {name: text for name, text in told.items() if KANJI_WITHOUT_READING.search(text)} == {}


def test_easier_japanese_falls_back_to_japanese() -> None:
    with translation.override("ja-easy"):
        assert translation.gettext("質問する") == "質問（しつもん）する"
        assert translation.gettext("This field is required.") == "書（か）いて ください。"
        assert translation.gettext("記録台帳") == "記録台帳"  # staff read the Japanese
        assert translation.gettext("Enter a valid URL.") == "URLを正しく入力してください。"


def test_plainer_words_replace_those_of_django() -> None:
    with translation.override("ja"):
        assert translation.gettext("This field is required.") == "入力してください。"


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/about/", "/about/accessibility/", "/account/login/", "/nowhere/"])
def test_english_pages_show_no_japanese(client: Client, path: str) -> None:
    page = client.get(path, headers={"accept-language": "en"}).content.decode()
    assert '<html lang="en">' in page
    main = page[page.index("<main") : page.index("</main>")]
    shown = re.sub(r"<[^>]+>", "\n", main)
    # The search box explains itself with examples as people type them.
    without_examples = re.sub(r"(?m)^.*(厚木|市, 町 and 村).*$", "", shown)
    assert [line for line in without_examples.split("\n") if JAPANESE.search(line)] == []


@pytest.mark.django_db
def test_easier_japanese_pages_name_their_language_and_read_easily(client: Client) -> None:
    client.post("/language/", {"language": "ja-easy"})
    page = client.get("/").content.decode()
    assert '<html lang="ja">' in page
    assert "市（し）・町（まち）・村（むら）を さがす" in page
