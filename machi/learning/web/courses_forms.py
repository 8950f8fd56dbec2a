"""Forms of courses: curriculum, cohorts, learners."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import URLValidator, validate_slug
from django.db.models import QuerySet
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from machi.base.domain.towns import members
from machi.base.engine.tables import read_date
from machi.base.models import Appointment, Consortium, Municipality, Person
from machi.base.web.forms import TableField, date_field, text_field
from machi.base.web.towns import town_field
from machi.learning.engine.certificate_code import read
from machi.learning.models import CourseVersion, LessonMedia

_LARGEST_LIST = 1_500_000
"""Bytes: the list travels in the page between the dry run and the taking."""


class CourseForm(forms.Form):
    slug = forms.SlugField(
        label=_("短い名前"),
        max_length=60,
        help_text=_("半角の小文字・数字・ハイフン。教材のフォルダの名前になり、後から変えられません。"),
        validators=[validate_slug],
    )
    title = forms.CharField(label=_("研修の名前"), max_length=120)
    summary = text_field(_("どんな研修か"))

    def clean_slug(self) -> str:
        return str(self.cleaned_data["slug"]).lower()


class CourseAboutForm(forms.Form):
    title = forms.CharField(label=_("研修の名前"), max_length=120)
    summary = text_field(_("どんな研修か"))


class DraftForm(forms.Form):
    changes = text_field(_("前の版から変えること"), required=False)


class ZipForm(forms.Form):
    file = forms.FileField(
        label=_("教材のzip"),
        help_text=_("フォルダが1つ入ったzip。書き方は文書「教材をファイルで書く」にあります。48MBまで。"),
        widget=forms.FileInput(attrs={"accept": ".zip"}),
    )


class ModuleForm(forms.Form):
    title = forms.CharField(label=_("章の名前"), max_length=120)


class LinesField(forms.CharField):
    """A list, one item a line."""

    widget = forms.Textarea(attrs={"rows": 4})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        return [line.strip() for line in str(super().clean(value)).splitlines() if line.strip()]


class SourcesField(forms.CharField):
    """Sources, one a line: title | by | address | date."""

    widget = forms.Textarea(attrs={"rows": 4})

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return "\n".join(f"{one['title']} | {one['by']} | {one['url']} | {one['date']}" for one in value)

    def clean(self, value: Any) -> Any:
        found = []
        for number, line in enumerate(str(super().clean(value)).splitlines(), 1):
            if not line.strip():
                continue
            parts = [part.strip() for part in re.split(r"[|｜]", line)]
            try:
                title, by, url, day = parts
                URLValidator(schemes=["http", "https"])(url)
                found.append({"title": title, "by": by, "url": url, "date": read_date(day).isoformat()})
                if not title or not by:
                    raise ValueError(line)
            except (ValueError, ValidationError):
                raise ValidationError(
                    _t(
                        "%(number)s行目: 「題名 | 作った人 | URL | 日付」の順に、縦線で区切って書いてください。"
                    )
                    % {"number": number}
                ) from None
        return found


class LessonForm(forms.Form):
    title = forms.CharField(label=_("レッスンの名前"), max_length=120)
    slug = forms.SlugField(
        label=_("短い名前"),
        max_length=60,
        help_text=_("半角の小文字・数字・ハイフン。版が変わっても同じレッスンには同じ名前を使います。"),
    )
    minutes = forms.IntegerField(label=_("かかる時間（分）"), min_value=1, max_value=240, initial=20)
    goals = LinesField(label=_("できるようになること"), help_text=_("1行に1つ。"), max_length=2_000)
    text = forms.CharField(
        label=_("本文（Markdown）"),
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 24}),
        help_text=_(
            "見出しは「##」から。画像と動画は ![](名前) だけを1行に書きます。HTMLはそのまま文字になります。"
        ),
    )
    sources = SourcesField(
        label=_("出典"),
        required=False,
        help_text=_("1行に1つ、「題名 | 作った人 | URL | 日付」の順に。"),
        max_length=10_000,
    )

    def clean_slug(self) -> str:
        return str(self.cleaned_data["slug"]).lower()


class MediaAboutForm(forms.Form):
    alt = forms.CharField(
        label=_("何が写っているか（動画は題名）"),
        max_length=300,
        help_text=_("見えない人に読み上げられます。"),
    )
    transcript = forms.CharField(
        label=_("動画の内容を文字にしたもの"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("動画のときは必ず。話している言葉と、画面に出るもの。"),
    )
    captions = forms.FileField(
        label=_("字幕（WebVTT）"),
        required=False,
        help_text=_("音声のある動画のときは必ず。.vttファイル。"),
        widget=forms.FileInput(attrs={"accept": ".vtt"}),
    )
    silent = forms.BooleanField(label=_("音声のない動画です"), required=False)
    credit = forms.CharField(label=_("作った人・出典"), max_length=200, required=False)

    def __init__(self, *args: Any, described: LessonMedia | None = None, **options: Any) -> None:
        self.described = described
        super().__init__(*args, **options)

    def clean_captions(self) -> str:
        file: UploadedFile[bytes] | None = self.cleaned_data["captions"]
        if file is None:
            return self.described.captions if self.described else ""
        if (file.size or 0) > 1_000_000:
            raise ValidationError(_("大きすぎます。"))
        try:
            text: str = file.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            raise ValidationError(_("UTF-8のファイルにしてください。")) from None
        return text

    def about(self) -> dict[str, Any]:
        return {
            name: self.cleaned_data[name] for name in ("alt", "transcript", "captions", "silent", "credit")
        }


class MediaForm(MediaAboutForm):
    file = forms.FileField(
        label=_("画像か動画"),
        help_text=_("PNG・JPEG（2MBまで）、MP4・WebM（48MBまで）。名前は半角の小文字で。中身も確かめます。"),
        widget=forms.FileInput(attrs={"accept": ".png,.jpg,.jpeg,.mp4,.webm"}),
    )
    field_order = ("file", "alt", "transcript", "captions", "silent", "credit")


class PeopleField(forms.CharField):
    """People of the consortium's towns or its office by mail address, one a line."""

    widget = forms.Textarea(attrs={"rows": 3})

    def __init__(self, consortium: Consortium, **options: Any) -> None:
        self.consortium = consortium
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) or value is None else "\n".join(one.email for one in value)

    def clean(self, value: Any) -> Any:
        asked = {line.strip().lower() for line in re.split(r"[\s,、]+", str(super().clean(value)))} - {""}
        here = Appointment.objects.filter(municipality__in=members(self.consortium))
        office = Appointment.objects.filter(consortium=self.consortium)
        known: QuerySet[Person] = Person.objects.filter(
            appointments__in=(here | office).values("pk"), is_active=True
        ).distinct()
        found = [one for one in known if one.email.lower() in asked]
        if unknown := sorted(asked - {one.email.lower() for one in found}):
            raise ValidationError(
                _t("この共同体の職員に見つかりません: %(emails)s") % {"emails": "、".join(unknown)}
            )
        return found


class CohortForm(forms.Form):
    title = forms.CharField(label=_("回の名前"), max_length=120)
    starts_on = date_field(_("始まる日"))
    ends_on = date_field(_("終わる日"))

    def __init__(self, *args: Any, consortium: Consortium, new: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if new:
            published = CourseVersion.objects.filter(state=CourseVersion.State.PUBLISHED)
            self.fields["version"] = forms.ModelChoiceField(
                published.select_related("course"), label=_("研修の版")
            )
        self.fields["instructors"] = PeopleField(
            consortium,
            label=_("講師"),
            required=False,
            help_text=_("メールアドレスを1行に1つ。すべての自治体の受講者の進みを見られます。"),
        )


class EnrolForm(forms.Form):
    name = forms.CharField(label=_("氏名"), max_length=80)
    email = forms.EmailField(label=_("メールアドレス"), help_text=_("この人がサインインに使います。"))

    def __init__(self, data: Any = None, *, towns: QuerySet[Municipality]) -> None:
        super().__init__(data)
        if towns.count() > 1:
            self.fields["town"] = forms.ModelChoiceField(towns, label=_("自治体"))
            self.order_fields(["town", "name", "email"])
        self.only = towns.first()

    def town(self) -> Municipality:
        found: Municipality | None = self.cleaned_data.get("town") or self.only
        assert found is not None
        return found


class ListForm(forms.Form):
    file = TableField(
        label=_("受講者の一覧"),
        help_text=_("ExcelかCSV。まず試し読みをして、登録するかどうかは次の画面で決めます。"),
        largest=_LARGEST_LIST,
    )


class RosterForm(forms.Form):
    file = TableField(
        label=_("OneRosterのzip"),
        help_text=_("users.csv、orgs.csv、classes.csv、enrollments.csvの入ったzip（1.1か1.2）。"),
        largest=_LARGEST_LIST,
        widget=forms.FileInput(attrs={"accept": ".zip"}),
    )
    chosen = forms.CharField(
        label=_("クラスのsourcedIdか名前"),
        required=False,
        max_length=200,
        help_text=_("クラスが1つだけなら空欄のままで構いません。"),
    )


class ReasonForm(forms.Form):
    reason = text_field(_("理由"), hint=_("記録台帳には照合用の値だけが残ります。"))


class LearnerFilter(forms.Form):
    only = forms.ChoiceField(
        label=_("受講者"),
        required=False,
        choices=[
            ("", _("すべて")),
            ("behind", _("声をかけたい人")),
            ("completed", _("修了した人")),
            ("active", _("受講中の人")),
        ],
    )

    def __init__(self, data: Any = None, *, towns: QuerySet[Municipality] | None) -> None:
        super().__init__(data)
        if towns is not None:
            self.fields["town"] = town_field(towns, _("自治体"), required=False, empty=_("すべて"))
            self.order_fields(("town",))


class CodeForm(forms.Form):
    number = forms.CharField(
        label=_("修了証の番号"),
        max_length=40,
        help_text=_("修了証の左下にある16文字です（例: 7K3M-92QX-ABCD-EFGH）。"),
    )

    def clean_number(self) -> str:
        code = read(str(self.cleaned_data["number"]))
        if code is None:
            raise ValidationError(_("番号として読めません。打ち間違いがないか確かめてください。"))
        return code
