import json

from click.testing import CliRunner

from machi.language.cli import personal

TEXT = "担当者\n電話は054-626-1111、氏名：山田太郎\n"


def run(*options, text=TEXT):
    return CliRunner().invoke(personal, ["check", *options, "-"], input=text.encode())


def test_check_names_places_and_not_what_stands_there():
    result = run()
    assert result.exit_code == 1
    assert [line.split(" (")[0] for line in result.output.splitlines()] == ["2:4: TELEPHONE", "2:20: PERSON"]
    assert "626" not in result.output
    assert "山田" not in result.output


def test_check_covers_the_text():
    assert run("--mask").output == "担当者\n電話は〔電話番号〕、氏名：〔人名〕\n"


def test_check_takes_kinds_and_gives_json():
    lines = run("--kind", "PERSON", "--json").output.splitlines()
    assert [(row["kind"], row["start"], row["end"]) for row in map(json.loads, lines)] == [("PERSON", 23, 27)]


def test_check_of_a_clean_text_succeeds():
    assert run(text="きょうは晴れです。").exit_code == 0


def test_check_refuses_what_is_no_text():
    result = CliRunner().invoke(personal, ["check", "-"], input=b"\xff\xfe\x00")
    assert result.exit_code == 1
    assert "UTF-8" in result.output
