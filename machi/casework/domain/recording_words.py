"""Why a recording is not taken or cannot be written down, in words."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from machi.casework.engine.speech_types import NotHeard, Sound

WHY: Mapping[str, str] = {
    "empty": gettext_noop("ファイルが空です。"),
    "too-large": gettext_noop("ファイルが大きすぎます。%(megabytes)sMBまでです。"),
    "not-audio": gettext_noop(
        "録音のファイルではありません。WAV、MP3、M4A、AAC、Ogg、Opus、FLAC、WebM、MP4を渡してください。"
    ),
    "no-sound": gettext_noop("このファイルには音が入っていません。"),
    "broken": gettext_noop("録音のファイルが壊れていて、聞けません。もう一度書き出して渡してください。"),
    "too-long": gettext_noop("録音が長すぎます。%(hours)s時間までです。分けて渡してください。"),
    "too-costly": gettext_noop(
        "この録音は、決められた時間かメモリーの中では文字にできませんでした。WAVやMP3に書き出し直すか、分けて渡してください。"
    ),
    "no-extra": gettext_noop(
        "このmachiには音声認識の部品（speech）が入っていません。システムの担当に、入れるよう頼んでください。"
    ),
    "no-model": gettext_noop(
        "音声認識のモデルが見つかりません。システムの担当に、設定（MACHI_SPEECH_MODEL）を確かめるよう頼んでください。"
    ),
    "model-incomplete": gettext_noop(
        "音声認識のモデルに足りないファイル（%(file)s）があります。システムの担当に知らせてください。"
    ),
    "model-broken": gettext_noop("音声認識のモデルを読み込めません。システムの担当に知らせてください。"),
    "language": gettext_noop("いまのモデルは、この言語を聞き取れません。"),
    "lost": gettext_noop("預かった録音が失われました。もう一度渡してください。"),
}
"""Of ``speech_types.REFUSALS``."""
LANGUAGES: Mapping[str, str] = {"ja": gettext_noop("日本語"), "en": gettext_noop("英語")}


def refusal(refused: NotHeard) -> str:
    return _(WHY[refused.key]) % refused.arguments


def gaps(sound: Sound) -> str:
    """What of a recording could not be heard; empty where all of it was."""
    told = []
    if sound.damaged:
        told.append(
            _("録音の一部（%(count)sか所）が壊れていて、聞けませんでした。") % {"count": sound.damaged}
        )
    if sound.missing:
        told.append(
            _("ファイルが途中で切れています。終わりの%(seconds)s秒ほどがありません。")
            % {"seconds": round(sound.missing)}
        )
    return " ".join(told)
