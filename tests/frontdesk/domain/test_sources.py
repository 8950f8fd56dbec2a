"""Sources: every version kept, nothing read twice, nothing lost."""

import pytest

from machi.base.domain.errors import Refused
from machi.base.models import Municipality
from machi.base.scoping import in_municipality
from machi.frontdesk.domain import indexing
from machi.frontdesk.domain.sources import (
    add_file,
    add_source,
    restore_file,
    set_active,
    stored_path,
    withdraw_file,
)
from machi.frontdesk.models import Document, Passage, Source, SourceFile
from tests.base.factories import a_municipality

pytestmark = pytest.mark.django_db

FAQ = "質問,回答\n開庁時間は？,8時30分から17時15分です。\n駐車場はありますか,100台分あります。\n"
CHANGED = FAQ.replace("100台", "80台")


@pytest.fixture
def town() -> Municipality:
    return a_municipality()


def a_source(town: Municipality) -> Source:
    return add_source(town, name="よくある質問")


def current(town: Municipality) -> list[str]:
    return sorted(Document.objects.filter(current=True).values_list("title", flat=True))


def searchable(town: Municipality) -> int:
    indexing.build(town)
    return indexing.index_of(town).status().passages


def test_same_bytes_again_change_nothing(town: Municipality):
    with in_municipality(town):
        source = a_source(town)
        first = add_file(source, "faq.csv", FAQ.encode())
        assert add_file(source, "faq.csv", FAQ.encode()) == first
        assert SourceFile.objects.count() == 1


def test_new_version_replaces_only_what_changed(town: Municipality):
    with in_municipality(town):
        source = a_source(town)
        add_file(source, "faq.csv", FAQ.encode())
        unchanged = Document.objects.get(title__contains="開庁")
        file = add_file(source, "faq.csv", CHANGED.encode())
        assert (file.version, file.current) == (2, True)
        assert Document.objects.get(title__contains="開庁", current=True).pk == unchanged.pk
        parking = Document.objects.filter(title__contains="駐車場").order_by("version")
        assert [(document.version, document.current) for document in parking] == [(1, False), (2, True)]


def test_row_that_disappears_goes_out_of_use_and_stays_readable(town: Municipality):
    with in_municipality(town):
        source = a_source(town)
        add_file(source, "faq.csv", FAQ.encode())
        add_file(source, "faq.csv", "\n".join(FAQ.splitlines()[:2]).encode())
        assert len(current(town)) == 1
        assert Document.objects.filter(title__contains="駐車場", current=False).count() == 1


def test_unreadable_new_version_keeps_the_old_one_in_use(town: Municipality):
    with in_municipality(town):
        source = a_source(town)
        add_file(source, "faq.csv", FAQ.encode())
        broken = add_file(source, "faq.csv", b"")
        assert not broken.current
        assert broken.problems
        assert len(current(town)) == 2


def test_bytes_are_kept_as_handed_in(town: Municipality):
    data = FAQ.encode("cp932")
    with in_municipality(town):
        file = add_file(a_source(town), "faq.csv", data)
        assert stored_path(town, file.digest).read_bytes() == data


def test_withdrawn_file_can_be_restored(town: Municipality):
    with in_municipality(town):
        file = add_file(a_source(town), "faq.csv", FAQ.encode())
        assert searchable(town) == 2
        withdraw_file(file, None)
        assert current(town) == []
        assert searchable(town) == 0
        restore_file(file, None)
        assert len(current(town)) == 2
        assert searchable(town) == 2


def test_older_version_can_be_put_back(town: Municipality):
    with in_municipality(town):
        source = a_source(town)
        first = add_file(source, "faq.csv", FAQ.encode())
        add_file(source, "faq.csv", CHANGED.encode())
        restore_file(first, None)
        assert SourceFile.objects.get(current=True).version == 1
        texts = Document.objects.filter(current=True).values_list("text", flat=True)
        assert any("100台" in text for text in texts)
        assert not any("80台" in text for text in texts)


def test_source_out_of_use_is_not_searched(town: Municipality):
    with in_municipality(town):
        source = a_source(town)
        add_file(source, "faq.csv", FAQ.encode())
        set_active(source, False, None)
        assert searchable(town) == 0
        set_active(source, True, None)
        assert searchable(town) == 2


def test_copy_in_another_source_is_searched_once(town: Municipality):
    with in_municipality(town):
        add_file(a_source(town), "faq.csv", FAQ.encode())
        add_file(add_source(town, name="写し"), "copy.csv", FAQ.encode())
        assert Passage.objects.count() == 4
        assert searchable(town) == 2
        assert Document.objects.filter(duplicate_of__isnull=False).count() == 2


def test_name_taken_is_refused(town: Municipality):
    with in_municipality(town):
        a_source(town)
        with pytest.raises(Refused):
            a_source(town)


def test_file_over_the_limit_is_refused(town: Municipality, settings):
    settings.MACHI_UPLOAD_LIMIT = 10
    with in_municipality(town), pytest.raises(Refused):
        add_file(a_source(town), "faq.csv", FAQ.encode())
