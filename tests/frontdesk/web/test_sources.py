"""Sources and their files: checked before they are registered, versioned, out of use and back."""

import os
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from machi.base.models import LedgerEntry, Progress, Role
from machi.base.scoping import in_municipality
from machi.frontdesk.domain import indexing, uploads
from machi.frontdesk.models import Document, Source, SourceFile
from tests.base.factories import a_division, a_municipality
from tests.frontdesk.factories import a_document, a_faq, a_file, a_source, signed_in
from tests.frontdesk.web.staff import lines, queries, text, url

pytestmark = pytest.mark.django_db
FAQ = "質問,回答\n粗大ごみの出し方は,電話で申し込んでください。\n図書館の休館日は,月曜日です。\n"
NEW_FAQ = "質問,回答\n粗大ごみの出し方は,電話かネットで申し込んでください。\n住民票の手数料は,300円です。\n"


@pytest.fixture
def town():
    return a_municipality()


@pytest.fixture
def client(town):
    return signed_in(town, Role.MANAGER)


@pytest.fixture
def source(town):
    return a_source(town)


def upload(client, source, *files):
    """Hands files (name, text or bytes) in; the address of their report."""
    given = [
        SimpleUploadedFile(name, data.encode() if isinstance(data, str) else data) for name, data in files
    ]
    return client.post(url(source.municipality, "upload", source.pk), {"file": given})


def batch_of(client, source, report):
    with in_municipality(source.municipality):
        batch = uploads.held(source, client.person, report.rstrip("/").rpartition("/")[2])
    assert batch is not None
    return batch


def confirmed(client, source, *files):
    """Hands files in and registers all that can be read."""
    report = upload(client, source, *files).url
    return client.post(report, {"digest": [file.digest for file in batch_of(client, source, report).files]})


def files_of(source):
    with in_municipality(source.municipality):
        return list(SourceFile.objects.filter(source=source).order_by("name", "version"))


def titles(source):
    with in_municipality(source.municipality):
        return sorted(Document.objects.filter(source=source, current=True).values_list("title", flat=True))


def waiting_folders(town):
    return list((town.folder / "uploads").glob("*"))


def test_source_is_added_changed_and_named_once(town, client):
    division = a_division(town)
    response = client.post(
        url(town, "add_source"), {"name": "広報", "url": "https://town.example/", "division": division.pk}
    )
    with in_municipality(town):
        source = Source.objects.get()
    assert response.url == url(town, "upload", source.pk)
    assert (source.name, source.url, source.division) == ("広報", "https://town.example/", division)
    assert "同じ名前の情報源があります" in text(client.post(url(town, "add_source"), {"name": "広報"}))
    other = a_source(town, "例規集")
    changed = client.post(url(town, "change_source", other.pk), {"name": "広報"})
    assert "同じ名前の情報源があります" in text(changed)
    client.post(url(town, "change_source", other.pk), {"name": "条例集", "attribution": "CC BY 4.0"})
    with in_municipality(town):
        assert Source.objects.get(pk=other.pk).attribution == "CC BY 4.0"


def test_file_is_reported_first_and_registered_only_when_confirmed(town, client, source):
    response = upload(client, source, ("faq.csv", FAQ))
    page = text(client.get(response.url))
    assert "粗大ごみの出し方は" in page
    assert "増える 2、変わる 0、同じ 0、なくなる 0" in page
    assert files_of(source) == []
    confirmed(client, source, ("faq.csv", FAQ))
    assert titles(source) == ["図書館の休館日は", "粗大ごみの出し方は"]
    assert [(f.name, f.version, f.added_by) for f in files_of(source)] == [("faq.csv", 1, client.person)]


def test_confirmed_and_discarded_files_leave_nothing_waiting(town, client, source):
    confirmed(client, source, ("faq.csv", FAQ))
    assert waiting_folders(town) == []
    report = upload(client, source, ("faq2.csv", NEW_FAQ)).url
    assert [folder.stat().st_mode & 0o777 for folder in waiting_folders(town)] == [0o700]
    assert {path.stat().st_mode & 0o777 for path in waiting_folders(town)[0].iterdir()} == {0o600}
    client.post(report, {"discard": "1"})
    assert waiting_folders(town) == []
    assert len(files_of(source)) == 1
    gone = text(client.get(report, follow=True))
    assert "もうありません" in gone


def test_what_nobody_confirms_within_a_day_is_thrown_away(town, client, source):
    upload(client, source, ("old.csv", FAQ))
    (folder,) = waiting_folders(town)
    yesterday = (timezone.now() - timedelta(days=1, minutes=1)).timestamp()
    os.utime(folder, (yesterday, yesterday))
    upload(client, source, ("new.csv", NEW_FAQ))
    assert folder not in waiting_folders(town)
    assert len(waiting_folders(town)) == 1


def test_report_is_only_for_whoever_handed_the_file_in(town, client, source):
    report = upload(client, source, ("faq.csv", FAQ)).url
    other = signed_in(town, Role.MANAGER)
    assert other.get(report).status_code == 302
    elsewhere = report.replace(f"/{source.pk}/upload", f"/{a_source(town, '別').pk}/upload")
    assert client.get(elsewhere).status_code == 302
    assert client.get(report).status_code == 200


def test_new_version_says_what_changes_and_keeps_the_old(town, client, source):
    confirmed(client, source, ("faq.csv", FAQ))
    page = text(client.get(upload(client, source, ("faq.csv", NEW_FAQ)).url))
    assert "2版になります" in page
    assert "増える 1、変わる 1、同じ 0、なくなる 1" in page
    confirmed(client, source, ("faq.csv", NEW_FAQ))
    assert titles(source) == ["住民票の手数料は", "粗大ごみの出し方は"]
    first, second = files_of(source)
    assert (first.current, second.current, second.version) == (False, True, 2)
    page = text(client.get(url(town, "source_file", second.pk)))
    assert url(town, "source_file", first.pk) in page


def test_same_bytes_again_say_that_nothing_changes(town, client, source):
    confirmed(client, source, ("faq.csv", FAQ))
    page = text(client.get(upload(client, source, ("faq.csv", FAQ)).url))
    assert "登録済みと同じ内容" in page
    assert "選んだファイルを登録する" not in page


def test_unreadable_file_is_reported_and_cannot_be_chosen(town, client, source):
    page = text(
        client.get(
            upload(client, source, ("photo.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 64), ("a.csv", FAQ)).url
        )
    )
    assert "読み取れませんでした" in page
    assert page.count('name="digest"') == 1


def test_nothing_chosen_is_said(town, client, source):
    report = upload(client, source, ("faq.csv", FAQ)).url
    assert "登録するファイルを選んでください" in text(client.post(report))
    assert files_of(source) == []


def test_only_chosen_files_are_registered(town, client, source):
    report = upload(client, source, ("a.csv", FAQ), ("b.csv", NEW_FAQ)).url
    files = batch_of(client, source, report).files
    chosen = next(file.digest for file in files if file.name == "b.csv")
    client.post(report, {"digest": [chosen, "f" * 64]})
    assert [file.name for file in files_of(source)] == ["b.csv"]


def test_upload_of_nothing_too_much_or_twice_is_refused_clearly(town, client, source, settings):
    def said(*files):
        return text(upload(client, source, *files))

    assert "ファイルを選んでください。" in said()
    settings.MACHI_UPLOAD_LIMIT = 50
    assert "「big.csv」は大きすぎます" in said(("big.csv", "あ" * 100))
    assert "という名前のファイルが2つあります" in said(("a.csv", "x"), ("a.csv", "y"))
    assert "一度に選べるのは20個までです" in said(*((f"{n}.csv", "x") for n in range(21)))
    assert waiting_folders(town) == []


def test_file_is_withdrawn_and_restored_after_asking(town, client, source):
    confirmed(client, source, ("faq.csv", FAQ))
    (file,) = files_of(source)
    assert "（2件）は回答に使われなくなります" in text(client.get(url(town, "withdraw_file", file.pk)))
    assert len(titles(source)) == 2
    page = text(client.post(url(town, "withdraw_file", file.pk), follow=True))
    assert "取り下げ" in page
    assert titles(source) == []
    client.post(url(town, "restore_file", file.pk))
    assert len(titles(source)) == 2
    with in_municipality(town):
        entries = LedgerEntry.objects.filter(subject=f"source:{source.pk}")
        assert [entry.actor for entry in entries] == [f"person:{client.person.pk}"] * 3


def test_older_version_can_be_used_again(town, client, source):
    confirmed(client, source, ("faq.csv", FAQ))
    confirmed(client, source, ("faq.csv", NEW_FAQ))
    first, _second = files_of(source)
    client.post(url(town, "restore_file", first.pk))
    assert titles(source) == ["図書館の休館日は", "粗大ごみの出し方は"]
    assert "1版を使用中" in text(client.get(url(town, "source", source.pk)))


def test_file_of_an_approved_faq_is_ruled_on_at_the_faq_only(town, client):
    faq = a_faq(town)
    client.post(url(town, "approve_faq", faq.pk))
    with in_municipality(town):
        file = SourceFile.objects.get()
    assert "取り下げる" not in text(client.get(url(town, "source_file", file.pk)))
    assert client.post(url(town, "withdraw_file", file.pk)).status_code == 404
    assert client.post(url(town, "restore_file", file.pk)).status_code == 404


def test_report_of_a_file_is_paged_and_exported(town, client, source):
    problem = {"place": "3行目「備考」", "code": "empty", "message": "空です。", "severity": "warning"}
    file = a_file(source, problems=[problem] * 51, not_read=51)
    page = text(client.get(url(town, "source_file", file.pk)))
    assert page.count("空です。") == 50
    assert "2ページ中 1ページ目" in page
    header, *rows = lines(client.get(url(town, "source_file", file.pk), {"format": "csv"}))
    assert header == ["場所", "重さ", "内容", "符号"]
    assert rows == [["3行目「備考」", "確認が必要", "空です。", "empty"]] * 51


def test_source_goes_out_of_use_and_back_after_asking(town, client, source):
    assert "使うのをやめますか" in text(client.get(url(town, "source_active", source.pk)))
    for active in (False, True):
        client.post(url(town, "source_active", source.pk))
        with in_municipality(town):
            assert Source.objects.get().active is active


def test_documents_are_found_by_words_and_by_validity(town, client, source):
    today = timezone.localdate()
    a_document(source, "粗大ごみ", "電話で申込み")
    a_document(source, "去年の祭り", valid_until=today - timedelta(days=1))
    original = a_document(source, "図書館")
    a_document(source, "図書館の写し", duplicate_of=original)
    a_document(source, "前の版", current=False)

    def shown(**asked):
        page = text(client.get(url(town, "source_documents", source.pk), asked))
        names = ["粗大ごみ", "去年の祭り", "図書館", "図書館の写し", "前の版"]
        return [name for name in names if f">{name}</a>" in page]

    assert shown() == ["粗大ごみ", "去年の祭り", "図書館", "図書館の写し"]
    assert shown(show="current") == ["粗大ごみ", "図書館"]
    assert shown(show="ended") == ["去年の祭り"]
    assert shown(show="copies") == ["図書館の写し"]
    assert shown(show="old") == ["前の版"]
    assert shown(words="電話 申込み") == ["粗大ごみ", "去年の祭り", "図書館", "図書館の写し"]
    assert shown(words="粗大 電話") == ["粗大ごみ"]


def test_documents_are_exported(town, client, source):
    a_document(source, "粗大ごみ", date=date(2026, 4, 1), valid_until=date(2027, 3, 31), place="2行目")
    header, row = lines(client.get(url(town, "source_documents", source.pk), {"format": "csv"}))
    assert dict(zip(header, row, strict=True)) == {
        "題名": "粗大ごみ",
        "分類": "",
        "日付": "2026-04-01",
        "有効期間の初日": "",
        "有効期間の末日": "2027-03-31",
        "版": "1",
        "使用中": "はい",
        "同じ内容の文書": "",
        "ファイル名": "file-0.csv",
        "ファイルの中の場所": "2行目",
        "リンク": "",
    }


def test_sources_are_listed_with_figures_and_exported(town, client, source):
    document = a_document(source, valid_until=timezone.localdate() - timedelta(days=1))
    a_document(source, "二つ目", file=document.file)
    a_file(source, "bad.csv", not_read=3)
    a_file(source, "old.csv", not_read=9, current=False)
    header, row = lines(client.get(url(town, "sources"), {"format": "csv"}))
    assert dict(zip(header, row, strict=True)) == {
        "名前": "市の案内",
        "回答に使う": "はい",
        "担当課": "",
        "ファイル数": "2",
        "文書数": "2",
        "有効期間が過ぎた文書": "1",
        "読み取れなかった数": "3",
        "リンク": "",
        "出典の表示とライセンス": "",
    }
    header, *rows = lines(client.get(url(town, "source", source.pk), {"format": "csv"}))
    assert [row[:6] for row in rows] == [
        ["bad.csv", "1", "1", "0", "0", "3"],
        ["file-0.csv", "1", "1", "2", "0", "0"],
        ["old.csv", "1", "", "0", "0", "9"],
    ]


@pytest.mark.parametrize("name", ["sources", "source", "source_documents"])
def test_lists_take_as_many_queries_for_three_as_for_one(town, client, source, name):
    args = [] if name == "sources" else [source.pk]
    original = a_document(source)
    one = queries(client, url(town, name, *args))
    for number in range(2):
        a_document(source, f"文書{number}", duplicate_of=original)
        a_document(a_source(town, f"情報源{number}", division=a_division(town, f"課{number}")))
    assert queries(client, url(town, name, *args)) == one


def test_index_status_shows_progress_and_asks_again_while_it_runs(town, client, source):
    a_document(source)
    with in_municipality(town):
        indexing.build(town)
        Progress.objects.create(
            municipality=town, key="frontdesk.embed", label="意味で探すための準備", done=2, total=9
        )
    page = text(client.get(url(town, "sources")))
    assert f'hx-get="{url(town, "index_status")}" hx-trigger="every 3s"' in page
    assert "意味で探すための準備: 2 / 9" in page
    part = text(client.get(url(town, "index_status"), headers={"HX-Request": "true"}))
    assert part.lstrip().startswith('<div class="stack-close" id="index-now" hx-get=')
    assert "<html" in text(client.get(url(town, "index_status")))
    with in_municipality(town):
        Progress.objects.update(finished_at=timezone.now())
    assert "hx-get" not in text(client.get(url(town, "index_status")))


def test_stopped_index_build_is_said(town, client):
    with in_municipality(town):
        Progress.objects.create(municipality=town, key="frontdesk.build", label="索引づくり", error="OSError")
    assert "索引づくりが途中で止まりました" in text(client.get(url(town, "sources")))


@pytest.mark.parametrize(
    "name",
    [
        "source",
        "change_source",
        "source_active",
        "source_documents",
        "upload",
        "source_file",
        "withdraw_file",
    ],
)
def test_what_belongs_to_another_town_is_not_there(town, client, name):
    foreign = a_file(a_source(a_municipality("332020")))
    pk = foreign.pk if "file" in name else foreign.source_id
    assert client.get(url(town, name, pk)).status_code == 404
    assert client.post(url(town, name, pk), {"name": "x"}).status_code == 404


def test_report_of_another_towns_upload_is_not_there(town, client):
    there = a_municipality("332020")
    foreign = a_source(there)
    owner = signed_in(there, Role.MANAGER)
    token = upload(owner, foreign, ("faq.csv", FAQ)).url.rstrip("/").rpartition("/")[2]
    assert client.get(url(town, "checked", foreign.pk, token)).status_code == 404
    own = a_source(town)
    assert client.get(url(town, "checked", own.pk, token)).status_code == 302


def test_clerk_sees_sources_but_may_not_change_them(town, source):
    client = signed_in(town)
    page = text(client.get(url(town, "sources")))
    assert url(town, "add_source") not in page
    assert url(town, "upload", source.pk) not in text(client.get(url(town, "source", source.pk)))
    for name, args in [("add_source", []), ("upload", [source.pk]), ("source_active", [source.pk])]:
        assert client.get(url(town, name, *args)).status_code == 403


def test_empty_town_is_led_to_its_first_source(town, client):
    assert "情報源がまだありません" in text(client.get(url(town, "sources")))
