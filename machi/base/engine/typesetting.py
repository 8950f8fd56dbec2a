"""Typst with the fonts of their wheels, so that every machine sets the same page and none needs a font."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

FONTS = [str(Path(str(files(f"noto_cjk_sans_jp_{weight}")))) for weight in ("regular", "bold")]


def set_pdf(template: bytes, data: object) -> bytes:
    """The PDF of a template that reads ``data`` as JSON from ``sys.inputs.data``. Equal input gives equal bytes."""
    import typst  # 80 MB: on first use

    pdf: bytes = typst.compile(  # type: ignore[misc]
        template,
        font_paths=FONTS,
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        timestamp=0,
    )
    return pdf
