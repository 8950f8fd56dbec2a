"""The questions that a seminar's questionnaire has unless the office asks others."""

from typing import Any

_FIVE = (
    ("very", "とても満足", "Very satisfied"),
    ("rather", "満足", "Satisfied"),
    ("even", "どちらともいえない", "Neither"),
    ("little", "やや不満", "Rather dissatisfied"),
    ("not", "不満", "Dissatisfied"),
)


def _options(given: tuple[tuple[str, str, str], ...]) -> list[dict[str, Any]]:
    return [{"id": key, "words": {"ja": ja, "en": en}} for key, ja, en in given]


QUESTIONNAIRE: dict[str, Any] = {
    "questions": [
        {
            "id": "satisfied",
            "kind": "single",
            "words": {
                "ja": "セミナー全体の満足度を教えてください。",
                "en": "How satisfied are you with the seminar?",
            },
            "required": True,
            "options": _options(_FIVE),
        },
        {
            "id": "useful",
            "kind": "single",
            "words": {
                "ja": "仕事や暮らしに役立ちそうですか。",
                "en": "Will it be useful for your work or daily life?",
            },
            "required": True,
            "options": _options(
                (
                    ("soon", "すぐに役立つ", "Right away"),
                    ("later", "いずれ役立つ", "Later"),
                    ("unsure", "分からない", "I do not know"),
                    ("no", "役立たない", "No"),
                )
            ),
        },
        {
            "id": "level",
            "kind": "single",
            "words": {"ja": "内容の難しさはどうでしたか。", "en": "How difficult was it?"},
            "options": _options(
                (
                    ("hard", "難しかった", "Too difficult"),
                    ("right", "ちょうどよかった", "About right"),
                    ("easy", "やさしかった", "Too easy"),
                )
            ),
        },
        {
            "id": "next",
            "kind": "multiple",
            "words": {
                "ja": "次に聞きたいことを選んでください。",
                "en": "What would you like to hear about next?",
            },
            "options": _options(
                (
                    ("cases", "ほかの自治体の事例", "Cases of other towns"),
                    ("practice", "手を動かす演習", "Hands-on practice"),
                    ("privacy", "個人情報と安全", "Personal information and safety"),
                    ("buying", "調達と費用", "Procurement and costs"),
                    ("residents", "住民への説明", "Explaining it to residents"),
                )
            ),
        },
        {
            "id": "good",
            "kind": "text",
            "words": {
                "ja": "よかったこと、印象に残ったことを書いてください。名前や連絡先は書かないでください。",
                "en": "What did you like or remember? Please do not write names or contact details.",
            },
        },
        {
            "id": "better",
            "kind": "text",
            "words": {
                "ja": "直してほしいこと、困ったことを書いてください。名前や連絡先は書かないでください。",
                "en": "What should be better next time? Please do not write names or contact details.",
            },
        },
    ]
}
