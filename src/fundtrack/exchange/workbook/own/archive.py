"""A stranger's archive: opened within bounds, and written again with only the chosen parts changed.

An `.xlsx` is a zip archive of parts. Whatever is not changed goes into the new file as the very
bytes it was, still packed. What an archive says of itself is not believed: sizes, names and checks
are tried when it is opened, before anything is read out of it.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fundtrack.core.errors import KnownError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LARGEST_FILE = 100_000_000
LARGEST_PART = 100_000_000
LARGEST_UNPACKED = 300_000_000
MOST_PARTS = 5_000
HIGHEST_RATIO = 250
"""Deflate's own limit is about 1,030; real sheets of nothing but empty cells reach 100."""

_KEPT = 4_000_000
_SMALL_ENOUGH = 1_000_000  # a part no larger than this may be packed as tightly as it likes
_STORED, _DEFLATED = 0, 8
_LOCKED, _SIZES_FOLLOW, _UTF8 = 0x1, 0x8, 0x800
_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_LARGE_FILE = 1  # the kind of a note in a header that holds sizes above 4 GB
_TIGHTNESS = 2  # a tenth larger than the usual 6, in a third of the time
_PIECE = 1 << 14  # packed bytes at a time: these unpack to 16 MB at the very most
_LONGEST_PROLOG = 1 << 16
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_PASSED_OVER = {"<?": "?>", "<!--": "-->"}
_READ_AS_XML = (".xml", ".rels", ".vml")


@dataclass(frozen=True, slots=True)
class Member:
    """One entry: its name as written, its packed bytes' place in the file, and where it ends."""

    info: zipfile.ZipInfo
    begins: int
    packed: int
    ends: int

    @property
    def key(self) -> str:
        """The part's name as others may refer to it: neither case nor the slash's way counts."""
        return part_key(self.info.orig_filename)


def part_key(name: str) -> str:
    """A part's name, as two programs that write it differently would agree on."""
    return name.replace("\\", "/").lstrip("/").casefold()


class Archive:
    """A zip archive held in memory, tried whole on opening.

    Parts that are packed as in a `known` archive were tried there. Raises KnownError, naming the
    file, when it is damaged, locked, too large or made to do harm.
    """

    def __init__(self, data: bytes, name: str, known: Archive | None = None) -> None:
        self.data = data
        self.name = name
        self.members = _members(data, name)
        self._by_key: dict[str, list[Member]] = defaultdict(list)
        for member in self.members:
            self._by_key[member.key].append(member)
        self._read: dict[str, bytes] = {}
        self._tried: dict[int, bytes] = {}
        before = {} if known is None else known.packed()
        for key, packed in self.packed().items():
            if known is None or before.get(key) != packed:
                self._try(key)
            elif key in known._read:  # noqa: SLF001 - another of its own kind
                self._read[key] = known._read[key]  # noqa: SLF001 - as above

    def __contains__(self, part: str) -> bool:
        return part_key(part) in self._by_key

    @property
    def names(self) -> tuple[str, ...]:
        """The parts' names as they stand in the file, each once."""
        return tuple(found[0].info.orig_filename for found in self._by_key.values())

    def read(self, part: str) -> bytes:
        """A part's bytes. One that stands twice must say the same both times."""
        key = part_key(part)
        if key not in self._read:
            if key not in self._by_key:
                raise damaged(self.name, f"its part {part} is missing")
            first, *others = (
                self._tried.pop(id(member), b"") or self._unpacked(member)
                for member in self._by_key[key]
            )
            if any(other != first for other in others):
                raise KnownError(
                    f"{self.name} holds two parts called {part} that say different things, and "
                    "nobody can tell which counts. Open it in Excel, save it, and use that copy"
                )
            self._read[key] = first
        return self._read[key]

    def packed(self) -> dict[str, list[tuple[int, int, bytes]]]:
        """By part, its check sum, its size and its bytes as packed; for comparing two archives."""
        return {
            key: [
                (one.info.CRC, one.info.file_size, self.data[one.begins : one.begins + one.packed])
                for one in found
            ]
            for key, found in self._by_key.items()
        }

    def with_parts(self, replaced: Mapping[str, bytes]) -> bytes:
        """The archive with these parts' bytes in place of the old; all else as it was, in order."""
        new = {part_key(name): part for name, part in replaced.items()}
        out, places = io.BytesIO(), list[tuple[Member, int, _Packed | None]]()
        for member in self.members:
            at, part = out.tell(), new.get(member.key)
            if part is None:
                out.write(self.data[member.info.header_offset : member.ends])
                places.append((member, at, None))
            else:
                packed = _packed(part, member.info.compress_type)
                out.write(_local_header(member.info, packed) + packed.data)
                places.append((member, at, packed))
        begins = out.tell()
        for member, at, changed in places:
            out.write(_central_header(member, at, changed))
        size, count = out.tell() - begins, len(places)
        out.write(_END.pack(b"PK\x05\x06", 0, 0, count, count, size, begins, 0))
        return out.getvalue()

    def _unpacked(self, member: Member) -> bytes:
        return b"".join(self._pieces(member))

    def _pieces(self, member: Member) -> Iterator[bytes]:
        """A member's bytes, piece by piece: never more than it says it has."""
        packed = memoryview(self.data)[member.begins : member.begins + member.packed]
        if member.info.compress_type == _STORED:
            yield bytes(packed)
            return
        inflating, left = zlib.decompressobj(-zlib.MAX_WBITS), member.info.file_size
        try:
            for at in range(0, len(packed), _PIECE):
                piece = inflating.decompress(packed[at : at + _PIECE])
                left -= len(piece)
                if left < 0:
                    break
                yield piece
        except zlib.error as fault:
            raise damaged(self.name, f"{member.info.filename} cannot be unpacked") from fault
        if left or not inflating.eof:
            raise damaged(self.name, f"{member.info.filename} is not as long as it says")

    def _try(self, key: str) -> None:
        for member in self._by_key[key]:
            self._try_member(member)

    def _try_member(self, member: Member) -> None:
        """See that a member unpacks to what it says, and tells no reader to fetch or to expand.

        XML that is not large is kept, for it is likely to be read soon.
        """
        check, prolog, kept = 0, b"", list[bytes]()
        is_xml = member.key.endswith(_READ_AS_XML)
        keeps = is_xml and member.info.file_size <= _KEPT
        for piece in self._pieces(member):
            check = zlib.crc32(piece, check)
            if is_xml and len(prolog) < _LONGEST_PROLOG:
                prolog += piece[:_LONGEST_PROLOG]
            if keeps:
                kept.append(piece)
        if keeps:
            self._tried[id(member)] = b"".join(kept)
        if check != member.info.CRC:
            raise damaged(self.name, f"{member.info.filename} does not match its check sum")
        if declares_entities(prolog):
            raise KnownError(
                f"{self.name} was not opened: {member.info.filename} declares entities of its own "
                "(a DTD), which no workbook needs and which can be made to do harm. Ask the sender "
                "for a clean copy"
            )


def declares_entities(data: bytes) -> bool:
    """Whether an XML part has a document type before its root, or so much else that it may."""
    text, at = _plain_text(data), 0
    while True:
        at = len(text) - len(text[at:].lstrip()) if text[at : at + 1].isspace() else at
        begins = next((mark for mark in _PASSED_OVER if text.startswith(mark, at)), "")
        if not begins:
            break
        closes = _PASSED_OVER[begins]
        end = text.find(closes, at)
        if end < 0:
            return True
        at = end + len(closes)
    return text.startswith("<!", at) or (at >= len(text) and len(data) >= _LONGEST_PROLOG)


def _plain_text(data: bytes) -> str:
    """The beginning of an XML part as text, well enough to read its prolog."""
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
        (b"<\x00", "utf-16-le"),
        (b"\x00<", "utf-16-be"),
    ):
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    return data.decode("latin-1")


def damaged(name: str, says: str) -> KnownError:
    """What to tell of a file that is broken; `says` what was found, for whoever is asked."""
    return KnownError(
        f"{name} is damaged ({says}). Fetch it again, or open it in Excel, save it, and use that "
        "copy"
    )


# --- opening -----------------------------------------------------------------------------------


def _members(data: bytes, name: str) -> tuple[Member, ...]:
    """Every entry in the order of the list of contents, its place tried against the others'."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos, end = archive.infolist(), archive.start_dir
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, struct.error) as fault:
        raise damaged(name, "it is not a whole archive") from fault
    _refuse_size(infos, len(data), name)
    ordered = sorted(infos, key=lambda info: info.header_offset)
    edges = [*(info.header_offset for info in ordered[1:]), end]
    found = {
        id(info): _member(data, info, edge, name) for info, edge in zip(ordered, edges, strict=True)
    }
    return tuple(found[id(info)] for info in infos)


def _refuse_size(infos: list[zipfile.ZipInfo], packed: int, name: str) -> None:
    unpacked = sum(info.file_size for info in infos)
    tight = any(
        info.file_size > _SMALL_ENOUGH and info.file_size > HIGHEST_RATIO * info.compress_size
        for info in infos
    )
    if len(infos) > MOST_PARTS or unpacked > LARGEST_UNPACKED:
        raise too_large(name)
    if tight or unpacked > _SMALL_ENOUGH + HIGHEST_RATIO * packed:
        raise KnownError(
            f"{name} was not opened: it is packed as only files made to fill a computer's memory "
            "are. Ask the sender for a clean copy"
        )
    if any(info.file_size > LARGEST_PART for info in infos):
        raise too_large(name)


def too_large(name: str) -> KnownError:
    """What to tell of a file larger than any return."""
    return KnownError(
        f"{name} is larger than any return FundTrack knows ({LARGEST_FILE // 1_000_000} MB packed, "
        f"{LARGEST_UNPACKED // 1_000_000} MB unpacked). Ask the funder for a smaller copy"
    )


def _member(data: bytes, info: zipfile.ZipInfo, edge: int, name: str) -> Member:
    _refuse_name(info.orig_filename, name)
    if info.flag_bits & _LOCKED:
        raise KnownError(
            f"{name} is locked with a password. Save a copy without one, then use that copy"
        )
    if info.compress_type not in (_STORED, _DEFLATED):
        raise damaged(name, f"{info.filename} is packed in a way Excel does not know")
    at = info.header_offset
    if at < 0 or data[at : at + 4] != b"PK\x03\x04" or at + _LOCAL.size > len(data):
        raise damaged(name, f"{info.filename} is not where its list of contents says")
    head = _LOCAL.unpack_from(data, at)
    begins = at + _LOCAL.size + head[-2] + head[-1]
    its_name = data[at + _LOCAL.size : at + _LOCAL.size + head[-2]]
    if begins + info.compress_size > edge or its_name != _name_bytes(info):
        raise damaged(name, f"{info.filename} is not where its list of contents says")
    if info.compress_type == _STORED and info.compress_size != info.file_size:
        raise damaged(name, f"{info.filename} is not as long as it says")
    return Member(info, begins, info.compress_size, edge)


def _refuse_name(part: str, name: str) -> None:
    plain = part.replace("\\", "/")
    if _CONTROL.search(plain) or ".." in plain.split("/") or plain.startswith("/") or ":" in plain:
        raise KnownError(
            f"{name} was not opened: it holds a part named {part!r}, a name made to write outside "
            "its own file. Ask the sender for a clean copy"
        )


# --- writing -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Packed:
    """A part's new bytes, packed, with their check sum and size."""

    data: bytes
    check: int
    size: int
    method: int


def _packed(part: bytes, method: int) -> _Packed:
    if method == _STORED:
        return _Packed(part, zlib.crc32(part), len(part), method)
    deflating = zlib.compressobj(_TIGHTNESS, zlib.DEFLATED, -zlib.MAX_WBITS)
    data = deflating.compress(part) + deflating.flush()
    return _Packed(data, zlib.crc32(part), len(part), method)


def _name_bytes(info: zipfile.ZipInfo) -> bytes:
    return info.orig_filename.encode("utf-8" if info.flag_bits & _UTF8 else "cp437")


def _moment(info: zipfile.ZipInfo) -> tuple[int, int]:
    """The time and the day of an entry as the archive keeps them: they stay as they were."""
    year, month, day, hour, minute, second = info.date_time
    return hour << 11 | minute << 5 | second // 2, (year - 1980) << 9 | month << 5 | day


def _local_header(info: zipfile.ZipInfo, packed: _Packed) -> bytes:
    name = _name_bytes(info)
    return (
        _LOCAL.pack(
            b"PK\x03\x04",
            20,
            info.flag_bits & _UTF8,
            packed.method,
            *_moment(info),
            packed.check,
            len(packed.data),
            packed.size,
            len(name),
            0,
        )
        + name
    )


def _central_header(member: Member, at: int, changed: _Packed | None) -> bytes:
    """The entry in the list of contents: as it was, but for the place and what has changed."""
    info, name = member.info, _name_bytes(member.info)
    extra = b"" if changed else _without_large_sizes(info.extra)
    check, packed, size = info.CRC, info.compress_size, info.file_size
    if changed:
        check, packed, size = changed.check, len(changed.data), changed.size
    return (
        _CENTRAL.pack(
            b"PK\x01\x02",
            info.create_version | info.create_system << 8,
            20 if changed else info.extract_version,
            info.flag_bits & _UTF8 if changed else info.flag_bits,
            info.compress_type,
            *_moment(info),
            check,
            packed,
            size,
            len(name),
            len(extra),
            len(info.comment),
            0,
            info.internal_attr,
            info.external_attr,
            at,
        )
        + name
        + extra
        + info.comment
    )


def _without_large_sizes(extra: bytes) -> bytes:
    """An entry's further notes, without sizes that now stand in the entry itself."""
    kept, at = b"", 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind != _LARGE_FILE:
            kept += extra[at : at + 4 + length]
        at += 4 + length
    return kept + extra[at:]
