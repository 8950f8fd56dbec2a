"""Writes calculated.xlsx: a workbook whose formula has its result saved, as Excel saves it and openpyxl cannot."""

import io
import zipfile
from pathlib import Path

import openpyxl


def main() -> None:
    """A sheet with 料金 300, 500 and their sum, 800."""
    book = openpyxl.Workbook()
    sheet = book.create_sheet("料金", 0)
    for row in (["品目", "料金"], ["いす", 300], ["机", 500], ["合計", "=SUM(B2:B3)"]):
        sheet.append(row)
    plain = io.BytesIO()
    book.save(plain)
    with (
        zipfile.ZipFile(plain) as source,
        zipfile.ZipFile(Path(__file__).parent / "calculated.xlsx", "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for part in source.namelist():
            data = source.read(part).replace(b"<f>SUM(B2:B3)</f><v></v>", b"<f>SUM(B2:B3)</f><v>800</v>")
            target.writestr(part, data.replace(b"<f>SUM(B2:B3)</f><v />", b"<f>SUM(B2:B3)</f><v>800</v>"))


if __name__ == "__main__":
    main()
