"""Writes WordPieceReference.json: texts and the token ids that Hugging Face's own tokenizer gives them.

Needs the package `tokenizers` (any version from 0.13). Run: python3 make-wordpiece-reference.py > WordPieceReference.json
"""

import json
import sys
import unicodedata

from tokenizers import BertWordPieceTokenizer

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
WORDS = ["un", "##aff", "##able", "##ing", "runn", "want", "##ed", "the", "HELLO", "hello", "résumé", "resume", "2", "##0", "##24"]

TEXTS = [
    "", " ", "\t\n\r ", "UNwant\u00E9d,running", "unaffable", "unaffable unaffables xyz\u2603qqq",
    "hello\nHELLO\tthe\r\nthe", "r\u00e9sum\u00e9 re\u0301sume\u0301 RESUME\u0301 R\u00c9SUM\u00c9",
    "ah\u535A\u63A8zz\u4E2D\u6587", "\U00020000\U0002B820\uF900\u3042\u30AB\u30AC\uFF76\uD55C\uAD6D\uC5B4",
    "a,b.c!d?(e)[f]{g}$h^i`j~k|l<m>n=o+p_q@r#s%t&u*v\\w/x:y;z'\"-",
    "\u00ABquoted\u00BB \u201Ccurly\u201D \u2026 \u00A7 \u20AC \u00B0 \u2014 \u30FB \u3002",
    "zero\u200Bwidth so\u00ADft \uFEFFbom \u0000nul \uFFFDbad \u0007bell \u000Bvt \u000Cff \u0085nel",
    "no\u00A0break thin\u2009space ideo\u3000graphic line\u2028sep para\u2029sep ogham\u1680end",
    "\u0130stanbul I\u0307 \u0131 \u1E9E \u00DF \u03A3\u0391\u03A3 \u1F08\u0399 \u01C5 \u2126 \u212B \u212A",
    "\u0958\u0915\u093C \u09CB \u0B94 \u0E33 \u0F73 \u1E69 s\u0323\u0307 \u1EAD \u2260 \u226E \u037E",
    "\U0001F600\U0001F468\u200D\U0001F469 \U0001D400\U0001D6D1 \uE000private \U0001F1E9\U0001F1EA",
    "x" * 100, "x" * 101, "the " + "x" * 200 + " the", "the[SEP]the [MASK] [mask] [CLS", "[UNK][PAD]hello", "2024", "20\u066024 \u00B2 \u2167",
]
PAIRS = [
    ("the", "the the"), ("the " * 3, "hello"), ("the " * 9, "hello " * 9), ("the " * 9, "hello " * 8), ("the " * 8, "hello " * 9),
    ("the " * 20, "hello " * 2), ("the " * 2, "hello " * 20), ("", "hello"), ("hello", ""), ("", ""), ("the " * 4, "hello " * 4),
]
LENGTHS = [5, 6, 8, 11, 12, 16]


def vocabulary():
    letters = set()
    for text in TEXTS:
        for form in (text, unicodedata.normalize("NFD", text), text.lower(), unicodedata.normalize("NFD", text.lower())):
            letters |= {c for c in form if not c.isspace()}
    letters -= {"\u2603"}
    pieces = SPECIAL + WORDS
    for letter in sorted(letters):
        pieces += [p for p in (letter, "##" + letter) if p not in pieces]
    return pieces


def tokenizer(vocab, lower, strip, chinese):
    made = BertWordPieceTokenizer(
        {piece: i for i, piece in enumerate(vocab)}, lowercase=lower, strip_accents=strip, handle_chinese_chars=chinese)
    made.add_special_tokens(SPECIAL)
    return made


vocab = vocabulary()
settings = []
for lower, strip, chinese in [(True, None, True), (False, None, True), (True, False, False), (False, True, True)]:
    made = tokenizer(vocab, lower, strip, chinese)
    settings.append({
        "do_lower_case": lower, "strip_accents": strip, "tokenize_chinese_chars": chinese,
        "ids": [made.encode(text).ids for text in TEXTS],
    })

made = tokenizer(vocab, True, None, True)
pairs = []
for first, second in PAIRS + [("the " * 30, None), ("hello", None)]:
    for length in LENGTHS:
        made.enable_truncation(length, strategy="longest_first")
        made.enable_padding(length=length, pad_id=0, pad_token="[PAD]")
        encoding = made.encode(first, second)
        pairs.append({"first": first, "second": second, "ids": encoding.ids, "types": encoding.type_ids})

json.dump({"vocabulary": vocab, "texts": TEXTS, "settings": settings, "pairs": pairs}, sys.stdout, indent=None, separators=(",", ":"))
sys.stdout.write("\n")
