"""Writes StrippedLetters.txt: every character that loses its accents when it is decomposed (Unicode NFD) and its marks
(category Mn) are dropped. .NET does not decompose under InvariantGlobalization. A line: what is left, a tab, the
characters that leave it. Hangul syllables are left out: they are decomposed by arithmetic.
Run: python3 make_stripped_letters.py > StrippedLetters.txt  (same bytes for Unicode 14 and later: a decomposition never changes)
"""

import sys
import unicodedata

HANGUL = range(0xAC00, 0xD7A4)
LAST_OF_UNICODE_14 = 0x2FA1D  # The last character that Unicode 14 decomposes.

stripped = {}
for point in range(LAST_OF_UNICODE_14 + 1):
    letter = chr(point)
    if point in HANGUL or unicodedata.category(letter) in ("Mn", "Cs", "Cn"):
        continue
    left = "".join(c for c in unicodedata.normalize("NFD", letter) if unicodedata.category(c) != "Mn")
    if left != letter:
        stripped.setdefault(left, []).append(letter)

for left in sorted(stripped):
    sys.stdout.write(f"{left}\t{''.join(stripped[left])}\n")
