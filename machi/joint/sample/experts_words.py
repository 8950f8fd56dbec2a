"""Words of which the sample's postings and experts are made. Nobody of these names is meant."""

from machi.joint.engine.matching_fit import Skill

WORK = {
    Skill.IT_STRATEGY: (
        "デジタル化の計画づくり",
        "3年間の計画を、職員と一緒に作ってほしい。どの業務から手を付けるか、費用と効果を並べて決めたい。",
    ),
    Skill.DATA_ANALYSIS: (
        "健診データの分析",
        "受診の少ない地区と年代を見つけ、呼びかけの方法を一緒に考えてほしい。",
    ),
    Skill.CYBERSECURITY: (
        "情報セキュリティの点検",
        "規程と実際の運用の違いを洗い出し、職員研修の案を作ってほしい。",
    ),
    Skill.CLOUD: (
        "クラウドへの移行計画づくり",
        "庁内のシステムの一覧を作り、移す順番と費用を整理してほしい。",
    ),
    Skill.SERVICE_DESIGN: (
        "窓口の手続きの見直し",
        "転入の手続きを住民の目で見直し、書かない窓口にする案を作ってほしい。",
    ),
    Skill.AI_AUTOMATION: (
        "AI・自動化の試行",
        "議事録と問い合わせ対応で試し、続けるかどうかを数字で決めたい。",
    ),
}
"""Title and text of a need for each skill."""

PAST = {
    Skill.IT_STRATEGY: "自治体や企業の{skill}に{years}年。計画を作り、職員だけで回せるところまで伴走してきました。",
    Skill.DATA_ANALYSIS: "{skill}に{years}年。医療と福祉のデータを、現場で使える表と図にしてきました。",
    Skill.CYBERSECURITY: "{skill}に{years}年。点検、訓練、事故の対応を受け持ってきました。",
    Skill.CLOUD: "{skill}に{years}年。古いシステムの移行を、計画から検収まで受け持ってきました。",
    Skill.SERVICE_DESIGN: "{skill}に{years}年。利用者の話を聞き、手続きと画面を作り直してきました。",
    Skill.AI_AUTOMATION: "{skill}に{years}年。小さく試して効果を測り、続けるものだけを残してきました。",
}
"""What an expert best at each skill says of themselves."""

FAMILY = ("見本", "試田", "例川", "仮山", "作野", "想井", "模原", "案本", "型谷", "架空", "写木", "習田")
GIVEN = ("一郎", "花子", "二三", "朝美", "夏樹", "秋生", "冬香", "健", "望", "歩", "光", "実", "翼")
