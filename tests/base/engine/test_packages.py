"""Zip packages are measured before any library opens them."""

import io
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from machi.base.engine.packages import OLE, PackageLimits, PackageRefused, is_encrypted_ole, parts_of


def package(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name.replace("_dot_", "."), content)
    return out.getvalue()


def refused(data: bytes, limits: PackageLimits | None = None) -> tuple[str, str]:
    with pytest.raises(PackageRefused) as caught:
        parts_of(data, limits or PackageLimits())
    return caught.value.code, caught.value.part


def test_parts_have_their_true_sizes():
    assert parts_of(package(a=b"x" * 10, b_dot_xml=b"<a/>"), PackageLimits()) == {"a": 10, "b.xml": 4}


def test_bombs_are_found_by_ratio_by_size_and_by_number():
    bomb = package(a=b"0" * 10_000_000)
    assert refused(bomb) == ("zip-bomb", "")
    assert refused(package(a=b"x" * 100), PackageLimits(unpacked=99)) == ("zip-bomb", "")
    assert refused(package(a=b"", b=b""), PackageLimits(entries=1)) == ("zip-bomb", "")


def test_what_comes_out_counts_where_the_directory_lies():
    bomb = package(a=b"0" * 10_000_000)
    place = bomb.rindex(struct.pack("<I", 10_000_000))
    lying = bomb[:place] + struct.pack("<I", 10) + bomb[place + 4 :]
    assert refused(lying)[0] in {"zip-bomb", "broken"}


def test_a_document_type_is_refused_with_its_part():
    assert refused(package(a_dot_xml=b"<!DOCTYPE a [<!ENTITY b 'c'>]><a/>")) == ("unsafe-xml", "a.xml")
    assert refused(package(a_dot_rels="<!doctype a><a/>".encode("utf-16"))) == ("unsafe-xml", "a.rels")
    assert parts_of(package(a_dot_txt=b"<!DOCTYPE a>"), PackageLimits())


def test_an_old_container_under_a_password():
    assert is_encrypted_ole(OLE + "EncryptedPackage".encode("utf-16-le"))
    assert not is_encrypted_ole(OLE)


@given(st.binary(max_size=200), st.integers(0, 400), st.integers(0, 20))
def test_any_damage_is_a_refusal(inserted: bytes, at: int, dropped: int):
    data = package(a_dot_xml=b"<a/>", b=b"123" * 50)
    damaged = data[:at] + inserted + data[at + dropped :]
    try:
        sizes = parts_of(damaged, PackageLimits())
    except PackageRefused:
        sizes = {}
    assert all(size >= 0 for size in sizes.values())
