"""SM3 (GB/T 32905-2016): OpenSSL's where the interpreter has it, else the plain Python below.

Standard library only: this file travels unchanged in every export, beside the verifier that uses it.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable

_INITIAL = (
    0x7380166F,
    0x4914B2B9,
    0x172442D7,
    0xDA8A0600,
    0xA96F30BC,
    0x163138AA,
    0xE38DEE4D,
    0xB0FB0E4E,
)
_WORD = 0xFFFFFFFF


def _turn(word: int, by: int) -> int:
    """A 32-bit word rotated to the left."""
    by &= 31
    return ((word << by) | (word >> (32 - by))) & _WORD


# The constants T_j <<< j of each round, turned once (clause 4.2 and 5.3.3).
_ROUND = tuple(_turn(0x79CC4519 if j < 16 else 0x7A879D8A, j) for j in range(64))


def plain_sm3(data: bytes) -> bytes:
    """The 32-byte digest, computed without any library."""
    return plain_sm3_of([data])


def plain_sm3_of(chunks: Iterable[bytes]) -> bytes:
    """The digest of all chunks in a row, holding one of them at a time."""
    state, rest, length = _INITIAL, b"", 0
    for chunk in chunks:
        length += len(chunk)
        rest += chunk
        whole = len(rest) - len(rest) % 64
        for start in range(0, whole, 64):
            state = _compress(state, rest[start : start + 64])
        rest = rest[whole:]
    rest += b"\x80" + bytes((55 - length) % 64) + struct.pack(">Q", length * 8)
    for start in range(0, len(rest), 64):
        state = _compress(state, rest[start : start + 64])
    return struct.pack(">8I", *state)


def _compress(state: tuple[int, ...], block: bytes) -> tuple[int, ...]:
    """The compression function CF over one block (clause 5.3)."""
    w = list(struct.unpack(">16I", block))
    for j in range(16, 68):
        x = w[j - 16] ^ w[j - 9] ^ _turn(w[j - 3], 15)
        w.append(x ^ _turn(x, 15) ^ _turn(x, 23) ^ _turn(w[j - 13], 7) ^ w[j - 6])
    a, b, c, d, e, f, g, h = state
    for j in range(64):
        a12 = _turn(a, 12)
        ss1 = _turn((a12 + e + _ROUND[j]) & _WORD, 7)
        if j < 16:
            ff, gg = a ^ b ^ c, e ^ f ^ g
        else:
            ff, gg = (a & b) | (a & c) | (b & c), (e & f) | (~e & g)
        tt1 = (ff + d + (ss1 ^ a12) + (w[j] ^ w[j + 4])) & _WORD
        tt2 = (gg + h + ss1 + w[j]) & _WORD
        a, b, c, d = tt1, a, _turn(b, 9), c
        e, f, g, h = tt2 ^ _turn(tt2, 9) ^ _turn(tt2, 17), e, _turn(f, 19), g
    return tuple(x ^ y for x, y in zip(state, (a, b, c, d, e, f, g, h)))  # noqa: B905 also runs on Python 3.8


def _openssl() -> object | None:
    try:
        return hashlib.new("sm3")
    except ValueError:
        return None  # this OpenSSL was built without SM3


_template = _openssl()

if _template is None:
    sm3, sm3_of = plain_sm3, plain_sm3_of
else:

    def sm3(data: bytes) -> bytes:
        """The 32-byte digest. Copying a fresh state spares asking OpenSSL for the algorithm by name."""
        state = _template.copy()  # type: ignore[attr-defined]
        state.update(data)
        return state.digest()

    def sm3_of(chunks: Iterable[bytes]) -> bytes:
        """The digest of all chunks in a row, holding one of them at a time."""
        state = _template.copy()  # type: ignore[attr-defined]
        for chunk in chunks:
            state.update(chunk)
        return state.digest()
