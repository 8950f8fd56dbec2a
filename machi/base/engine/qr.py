"""An address as a QR code (ISO/IEC 18004), in SVG."""

import io


def qr_svg(address: str) -> str:
    import qrcode  # type: ignore[import-untyped]
    from qrcode.image.svg import SvgPathImage  # type: ignore[import-untyped]

    out = io.BytesIO()
    qrcode.make(address, image_factory=SvgPathImage, border=1).save(out)
    return out.getvalue().decode()
