// Writes WordPieceReference.json: texts, and the token ids that Hugging Face's own tokenizer (Rust) gives them.
// Needs the npm package @anush008/tokenizers (made with 0.6.0), a build of it for Node.js, in a node_modules folder of the
// current folder. Run there: node .../make-wordpiece-reference.mjs > .../WordPieceReference.json
import { createRequire } from "node:module";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { tmpdir } from "node:os";

const { Tokenizer } = createRequire(join(process.cwd(), "here.js"))("@anush008/tokenizers");

const special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];
const words = ["un", "##aff", "##able", "##ing", "runn", "want", "##ed", "the", "HELLO", "hello", "résumé", "resume", "##24"];
const texts = [
  "", " ", "\t\n\r ", "UNwant\u00E9d,running", "unaffable", "unaffable unaffables xyz\u2603qqq",
  "hello\nHELLO\tthe\r\nthe", "r\u00e9sum\u00e9 re\u0301sume\u0301 RESUME\u0301 R\u00c9SUM\u00c9",
  "ah\u535A\u63A8zz\u4E2D\u6587", "\u{20000}\u{2B821}\uF900\u3042\u30AB\u30AC\uFF76\uD55C\uAD6D\uC5B4",
  "a,b.c!d?(e)[f]{g}$h^i`j~k|l<m>n=o+p_q@r#s%t&u*v\\w/x:y;z'\"-",
  "\u00ABquoted\u00BB \u201Ccurly\u201D \u2026 \u00A7 \u20AC \u00B0 \u2014 \u30FB \u3002",
  "zero\u200Bwidth so\u00ADft \uFEFFbom \u0000nul \uFFFDbad \u0007bell \u000Bvt \u000Cff \u0085nel",
  "no\u00A0break thin\u2009space ideo\u3000graphic line\u2028sep para\u2029sep ogham\u1680end",
  "I\u0307 \u0131 \u1E9E \u00DF \u03A3\u0391\u03A3 \u1F08\u0399 \u01C5 \u2126 \u212B \u212A",
  "\u0958\u0915\u093C \u09CB \u0B94 \u0E33 \u0F73 \u1E69 s\u0323\u0307 \u1EAD \u2260 \u226E \u037E",
  "\u{1F600}\u{1F468}\u200D\u{1F469} \u{1D400}\u{1D6D1} \uE000private \u{1F1E9}\u{1F1EA}",
  "x".repeat(100), "x".repeat(101), "the " + "x".repeat(200) + " the",
  "the[SEP]the [MASK] [mask] [CLS", "[UNK][PAD]hello", "2024", "20\u066024 \u00B2 \u2167",
];
const the = (n) => "the ".repeat(n), hello = (n) => "hello ".repeat(n);
const pairs = [
  [the(1), the(2)], [the(3), hello(1)], [the(9), hello(9)], [the(9), hello(8)], [the(8), hello(9)], [the(20), hello(2)],
  [the(2), hello(20)], ["", hello(1)], [hello(1), ""], ["", ""], [the(4), hello(4)], [the(30), null], [hello(1), null],
];

const letters = new Set();
for (const text of texts) {
  for (const form of [text, text.normalize("NFD"), text.toLowerCase(), text.normalize("NFD").toLowerCase()]) {
    [...form].filter((c) => !/\s/u.test(c) && c !== "\u2603").forEach((c) => letters.add(c));
  }
}
const vocabulary = [...new Set([...special, ...words, ...[...letters].sort().flatMap((c) => [c, "##" + c])])];
const ids = Object.fromEntries(vocabulary.map((piece, id) => [piece, id]));

const tokenizer = (lowercase, strip_accents, handle_chinese_chars, length) => {
  const path = join(tmpdir(), `wordpiece-${process.pid}.json`);
  writeFileSync(path, JSON.stringify({
    version: "1.0",
    truncation: length ? { direction: "Right", max_length: length, strategy: "LongestFirst", stride: 0 } : null,
    padding: length
      ? { strategy: { Fixed: length }, direction: "Right", pad_to_multiple_of: null, pad_id: 0, pad_type_id: 0, pad_token: "[PAD]" }
      : null,
    added_tokens: special.map((content, id) =>
      ({ id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true })),
    normalizer: { type: "BertNormalizer", clean_text: true, handle_chinese_chars, strip_accents, lowercase },
    pre_tokenizer: { type: "BertPreTokenizer" },
    post_processor: { type: "BertProcessing", sep: ["[SEP]", 3], cls: ["[CLS]", 2] },
    decoder: { type: "WordPiece", prefix: "##", cleanup: true },
    model: { type: "WordPiece", unk_token: "[UNK]", continuing_subword_prefix: "##", max_input_chars_per_word: 100, vocab: ids },
  }));
  return Tokenizer.fromFile(path);
};

const settings = [];
for (const [lower, strip, chinese] of [[true, null, true], [false, null, true], [true, false, false], [false, true, true]]) {
  const made = tokenizer(lower, strip, chinese);
  const found = [];
  for (const text of texts) {
    found.push((await made.encode(text)).getIds());
  }
  settings.push({ do_lower_case: lower, strip_accents: strip, tokenize_chinese_chars: chinese, ids: found });
}

const cut = [];
for (const length of [5, 6, 8, 11, 12, 16]) {
  const made = tokenizer(true, null, true, length);
  for (const [first, second] of pairs) {
    const encoding = await made.encode(first, second);
    cut.push({ first, second, ids: encoding.getIds(), types: encoding.getTypeIds() });
  }
}

process.stdout.write(JSON.stringify({ vocabulary, texts, settings, pairs: cut }) + "\n");
