"""Find documents that repeat another: wire copies, reprints, a release on two sites.

Word five-grams ("shingles") stand for a text, MinHash (Broder 1997) for the set of its shingles, and bands of the
MinHash (Leskovec, Rajaraman and Ullman, Mining of Massive Datasets, 3.4) find the texts that are alike without
comparing each with each.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from datasketch import MinHash, MinHashLSH

from kzai_graph.model import CONTENT_ZONES, Block, DocumentRecord, Zone

SHINGLE_WORDS = 5
MIN_SHINGLES = 20
"""A shorter text is too short to be told from its like."""
MIN_SIMILARITY = 0.6
"""Texts on other matters that share the boilerplate of one publisher reach 0.5."""
PERMUTATIONS = 256
BANDS, BAND_ROWS = 64, 4
"""Of texts as similar as ``MIN_SIMILARITY``, one pair in ten thousand shares no band."""
SCHEME = "affine32"
ZONES = CONTENT_ZONES - {Zone.TITLE}
"""Outlets give a wire text titles of their own."""
WORD = re.compile(r"\w+")
NO_DATE = "9999"


@dataclass(frozen=True, slots=True)
class Copy:
    """A document that repeats an earlier one; ``similarity`` is the share of shingles that both have, estimated."""

    identifier: str
    original: str
    similarity: float


def fingerprint(blocks: Iterable[Block]) -> bytes:
    """Make the MinHash of a text without its titles and page furniture; empty for a text that is too short."""
    words = [word for block in blocks if block.zone in ZONES for word in WORD.findall(block.text.casefold())]
    shingles = {" ".join(words[i : i + SHINGLE_WORDS]) for i in range(len(words) - SHINGLE_WORDS + 1)}
    if len(shingles) < MIN_SHINGLES:
        return b""
    sketch = MinHash(PERMUTATIONS, scheme=SCHEME)
    sketch.update_batch([shingle.encode("utf-8", "surrogatepass") for shingle in sorted(shingles)])
    return bytes(sketch.hashvalues.astype("<u4").tobytes())


@dataclass(frozen=True, slots=True)
class Printed:
    """What is compared of a document: its identifier, date and fingerprint."""

    identifier: str
    date: str | None
    fingerprint: bytes

    @classmethod
    def of(cls, record: DocumentRecord) -> Printed:
        """What a record tells."""
        return cls(record.identifier, record.metadata.date, record.fingerprint)


def find_copies(documents: Iterable[Printed]) -> dict[str, Copy]:
    """Find the documents that repeat an earlier one, by identifier.

    The earliest by date, and of one day the first by identifier, is the original; a document without date comes
    last. Each copy is compared with originals only, so that no chain of small changes makes one of two texts.
    """
    index = MinHashLSH(num_perm=PERMUTATIONS, params=(BANDS, BAND_ROWS))
    originals: dict[str, MinHash] = {}
    copies = {}
    for _, identifier, printed in sorted(
        (d.date or NO_DATE, d.identifier, d.fingerprint) for d in documents if d.fingerprint
    ):
        values = np.frombuffer(printed, dtype="<u4")
        sketch = MinHash(hashvalues=values, scheme=SCHEME)
        found = [(sketch.jaccard(originals[name]), name) for name in index.query(sketch)]
        similarity, original = min(((-alike, name) for alike, name in found), default=(0.0, ""))
        if -similarity >= MIN_SIMILARITY:
            copies[identifier] = Copy(identifier, original, -similarity)
        else:
            originals[identifier] = sketch
            index.insert(identifier, sketch)
    return copies
