from pathlib import Path

from machi.frontdesk.engine.reading import files_in


def test_files_of_a_folder_come_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name in ("b.csv", "ごみ/a.md", "ごみ/~$a.docx", ".git/x.md", "Thumbs.db", ".hidden.csv"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("本文")
    assert [name for name, _ in files_in(tmp_path)] == ["b.csv", "ごみ/a.md"]


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("秘密")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "out").symlink_to(tmp_path)
    assert list(files_in(folder)) == []


def test_a_single_file_is_given_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("質問,回答")
    assert list(files_in(path)) == [("a.csv", path)]
