using System.Text.Json;
using HyperSearch.Core.Trials;
using HyperSearch.Training.Datasets.Text;

namespace HyperSearch.Training.Tests.Datasets.Text;

public sealed class WordPieceEncoderTests : IDisposable
{
    private static readonly string[] pieces =
    [
        "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "want", "##want", "##ed", "wa", "un", "runn", "##ing", ",", "low", "lowest", "##est",
        "!", "caf", "##e", "中", "文", "$", "a", "##a", "b", "é", "##é",
    ];

    private readonly TemporaryFolder _folder = new();
    private int _models;

    [Theory]
    [InlineData("unwanted running", "un ##want ##ed runn ##ing")] // The example of BERT's own tests.
    [InlineData("UNwantEd,Running", "un ##want ##ed , runn ##ing")]
    [InlineData("lowest", "lowest")] // The longest piece first, not low ##est.
    [InlineData("low\nlow\tlow\r\nlow low", "low low low low low")]
    [InlineData("want!!ed", "want ! ! [UNK]")] // No piece begins a word with "ed": the word is unknown as a whole.
    [InlineData("unwantedX", "[UNK]")]
    [InlineData("CAFÉ cafe\u0301 café", "caf ##e caf ##e caf ##e")]
    [InlineData("low中文low", "low 中 文 low")]
    [InlineData("a$b", "a $ b")]
    [InlineData("lo\u00ADw\u0000est lo\uFFFDw\u200B", "lowest low")]
    [InlineData("low[SEP]low [MASK]", "low [SEP] low [MASK]")]
    [InlineData("low [sep]", "low [UNK] [UNK] [UNK]")]
    [InlineData("", "")]
    [InlineData(" \t\n\u3000\u2028", "")]
    public void Pieces_OfTheUncasedRules_AreBerts(string text, string expected) => Spell(Encoder(), text).ShouldBe(expected);

    [Theory]
    [InlineData(100, 100)]
    [InlineData(101, 1)]
    public void Pieces_OfALongWord_AreOneUnknownAbove100Characters(int length, int expected)
    {
        List<int> ids = Encoder().Pieces(new string('a', length));

        ids.Count.ShouldBe(expected);
        ids.Contains(1).ShouldBe(length > 100);
    }

    [Fact]
    public void Pieces_Cased_KeepsCaseAndAccents()
    {
        WordPieceEncoder encoder = Encoder("""{ "do_lower_case": false }""");

        Spell(encoder, "é low Low").ShouldBe("é low [UNK]");
        Spell(Encoder("""{ "do_lower_case": true, "strip_accents": false }"""), "É").ShouldBe("é");
        Spell(Encoder("""{ "tokenize_chinese_chars": false }"""), "中文").ShouldBe("[UNK]");
    }

    [Fact]
    public void Encode_ATextAndAPair_HaveBertsShape()
    {
        WordPieceEncoder encoder = Encoder();
        long[] ids = new long[9], types = new long[9];

        encoder.Encode("low low", "want", 9, ids, types).ShouldBe(6);
        ids.ShouldBe([2L, 13, 13, 3, 5, 3, 0, 0, 0]);
        types.ShouldBe([0L, 0, 0, 0, 1, 1, 0, 0, 0]);

        encoder.Encode("low low", null, 9, ids, types).ShouldBe(4);
        ids.ShouldBe([2L, 13, 13, 3, 0, 0, 0, 0, 0]);
        types.ShouldAllBe(t => t == 0);

        encoder.Encode("", "", 5, ids, types).ShouldBe(3);
        ids[..5].ShouldBe([2L, 3, 3, 0, 0]);
    }

    [Theory]
    [InlineData(9, 2, 10, 5, 2)] // Only the longer text is cut.
    [InlineData(2, 9, 10, 2, 5)]
    [InlineData(9, 9, 11, 4, 4)]
    [InlineData(9, 9, 10, 3, 4)] // The odd token goes to the longer, of equals to the second.
    [InlineData(9, 8, 10, 4, 3)]
    [InlineData(3, 4, 10, 3, 4)]
    public void Encode_APairThatDoesNotFit_IsCutLongestFirst(int first, int second, int length, int firstKept, int secondKept)
    {
        long[] ids = new long[length], types = new long[length];
        string Repeat(string word, int count) => string.Join(' ', Enumerable.Repeat(word, count));

        Encoder().Encode(Repeat("low", first), Repeat("want", second), length, ids, types);

        ids.Count(id => id == 13).ShouldBe(firstKept);
        ids.Count(id => id == 5).ShouldBe(secondKept);
        types.Count(t => t == 1).ShouldBe(secondKept + 1);
    }

    [Fact]
    public void Encode_ATextThatDoesNotFit_KeepsItsBeginning()
    {
        long[] ids = new long[4], types = new long[4];

        Encoder().Encode("low want low want", null, 4, ids, types).ShouldBe(4);

        ids.ShouldBe([2L, 13, 5, 3]);
        Should.Throw<ArgumentOutOfRangeException>(() => Encoder().Encode("low", null, 2, ids, types));
    }

    [Fact]
    public void Read_TokenizerJson_GivesWhatVocabTxtGives()
    {
        Dictionary<string, int> vocabulary = pieces.Select((p, i) => (p, i)).Where(p => p.p != "[MASK]").ToDictionary(p => p.p, p => p.i);
        File.WriteAllText(_folder["tokenizer.json"], JsonSerializer.Serialize(new
        {
            added_tokens = new[] { new { id = 4, content = "[MASK]" }, new { id = 0, content = "[PAD]" } },
            normalizer = new { type = "BertNormalizer", lowercase = false, handle_chinese_chars = true, strip_accents = (bool?)null },
            model = new { type = "WordPiece", unk_token = "[UNK]", continuing_subword_prefix = "##", vocab = vocabulary },
        }));

        WordPieceEncoder whole = WordPieceEncoder.Read(_folder.Path);
        WordPieceEncoder plain = Encoder("""{ "do_lower_case": false }""");

        whole.Vocabulary.ShouldBe(pieces);
        Spell(whole, "low Low é [MASK]").ShouldBe("low [UNK] é [MASK]");
        whole.Hash.ShouldBe(plain.Hash);
        Encoder().Hash.ShouldNotBe(plain.Hash);
    }

    [Theory]
    [InlineData("", null, null, "vocab.txt")]
    [InlineData("[PAD]\n[UNK]\n[CLS]\nlow\n", null, null, "'[SEP]'")]
    [InlineData("[PAD]\n[UNK]\n[CLS]\n[SEP]\nlow\nlow\n", null, null, "line 6 repeats 'low' of line 5")]
    [InlineData("[PAD]\n[UNK]\n[CLS]\n[SEP]\n", """{ "pad_token": { "content": "<pad>" } }""", null, "'<pad>'")]
    [InlineData("[PAD]\n[UNK]\n[CLS]\n[SEP]\n", "{", null, "tokenizer_config.json")]
    [InlineData("[PAD]\n[UNK]\n[CLS]\n[SEP]\n", "[]", null, "tokenizer_config.json")]
    [InlineData("[PAD]\n[UNK]\n[CLS]\n[SEP]\n", null, """{ "vocab_size": 3 }""", "config.json: vocab_size is 3")]
    public void Read_MissingOrDamaged_IsADatasetErrorThatNamesTheFile(string vocabulary, string? settings, string? config, string message)
    {
        if (vocabulary.Length > 0)
        {
            File.WriteAllText(_folder["vocab.txt"], vocabulary);
        }

        Write("tokenizer_config.json", settings);
        Write("config.json", config);

        TrainingException exception = Should.Throw<TrainingException>(() => WordPieceEncoder.Read(_folder.Path));

        exception.Kind.ShouldBe(FailureKind.DatasetError);
        exception.Message.ShouldContain(message);
        exception.Message.ShouldContain(_folder.Path);
    }

    [Theory]
    [InlineData("""{ "model": { "type": "BPE", "vocab": {} } }""", "BPE")]
    [InlineData("""{ "model": { "type": "WordPiece", "vocab": { "a": 0, "b": 0 } } }""", "'a' and 'b' share the id 0")]
    [InlineData("""{ "model": { "type": "WordPiece", "vocab": { "a": -1 } } }""", "'a' has no usable id")]
    [InlineData("""{ "normalizer": { "type": "Lowercase" } }""", "Lowercase")]
    public void Read_AnotherTokenizer_IsRefusedWithItsName(string json, string message)
    {
        Write("tokenizer.json", json);

        Should.Throw<TrainingException>(() => WordPieceEncoder.Read(_folder.Path)).Message.ShouldContain(message);
    }

    // The pieces have 27 ids; those of added tokens lie behind them, with a gap at 29.
    [Theory]
    [InlineData("low <New> low<New>", "low <New> low <New>")]
    [InlineData("low <new>", "low [UNK] [UNK] [UNK]")] // Looked for as written.
    [InlineData("abc ab", "ABC ab")] // The longest first, and inside of words.
    [InlineData("ABCab unÁB", "ABC ab un ab")] // Looked for in lower case, without accents.
    [InlineData("wa wantwa wa!", "wa [UNK] wa !")] // Only as a single word; "wantwa" is spelt with pieces.
    [InlineData("wab", "[UNK]")] // What is no single word hides what begins inside of it.
    [InlineData("qqed", "[UNK]")] // No piece: no word is spelt with a single word.
    [InlineData("low qq-low qq", "low qq [UNK] low qq")]
    [InlineData("wantEDun", "want EDun")]
    public void Pieces_OfAddedTokens_AreFoundWhole(string text, string expected)
    {
        WordPieceEncoder encoder = Encoder("""
            {"added_tokens_decoder": {"27": {"content": "<New>", "lstrip": true, "normalized": false, "special": true}, "28": {"content": "ab", "normalized": true},
                                      "8": {"content": "wa", "single_word": true}, "32": {"content": "EDun", "special": false}}}
            """, added: """{"ABC": 30, "qq": 31}""", whole: """{"added_tokens": [{"id": 31, "content": "qq", "single_word": true}]}""");

        Spell(encoder, text).ShouldBe(expected);
        encoder.Hash.ShouldNotBe(Encoder().Hash);
    }

    [Theory]
    [InlineData("""{"low": 27}""", "'low' has the id 27 here and 13")]
    [InlineData("""{"new": 13}""", "pieces 'low' and 'new' share the id 13")]
    [InlineData("""{"new": "x"}""", "'new' has no usable id")]
    [InlineData("""{"new york": 27}""", "'new york'")]
    [InlineData("""{"ab": 27, "AB": 28}""", "27 and 28 are both spelt 'ab'")]
    public void Read_AddedTokenThatIsNotRead_IsRefusedByName(string added, string message)
    {
        TrainingException exception = Should.Throw<TrainingException>(() => Encoder(added: added));

        exception.Kind.ShouldBe(FailureKind.DatasetError);
        exception.Message.ShouldContain("added_tokens.json");
        exception.Message.ShouldContain(message);
    }

    [Fact]
    public void Pieces_AddedTokenThatIsDescribedTwice_IsWhatTheFirstDescriptionSays()
    {
        WordPieceEncoder encoder = Encoder("""{"additional_special_tokens": ["[实体]"]}""", added: """{"[实体]": 27}""");

        Spell(encoder, "low[实体]").ShouldBe("low [实体]");
    }

    [Fact]
    public void Read_AddedTokenBehindTheModelsVocabulary_IsRefused()
    {
        File.WriteAllLines(_folder["vocab.txt"], pieces);
        Write("added_tokens.json", """{"new": 30}""");
        Write("config.json", """{ "vocab_size": 30 }""");

        Should.Throw<TrainingException>(() => WordPieceEncoder.Read(_folder.Path)).Message.ShouldContain("config.json: vocab_size is 30");
    }

    [Fact]
    public void Pieces_OfHuggingFacesTokenizer_AreEqual()
    {
        JsonElement reference = Reference();
        string[] texts = reference.GetProperty("texts").Deserialize<string[]>()!;
        foreach (JsonElement setting in reference.GetProperty("settings").EnumerateArray())
        {
            WordPieceEncoder encoder = Encoder(setting.GetRawText(), reference.GetProperty("vocabulary").Deserialize<string[]>());
            int[][] ids = setting.GetProperty("ids").Deserialize<int[][]>()!;
            for (int i = 0; i < texts.Length; i++)
            {
                List<int> found = encoder.Pieces(texts[i]);
                string Names(IEnumerable<int> of) => string.Join(' ', of.Select(id => encoder.Vocabulary[id]));
                Names(found).ShouldBe(Names(ids[i][1..^1]), $"text {i} of {setting.GetProperty("do_lower_case")}, {setting.GetProperty("strip_accents")}");
            }
        }
    }

    [Fact]
    public void Encode_PairsOfHuggingFacesTokenizer_AreEqual()
    {
        JsonElement reference = Reference();
        WordPieceEncoder encoder = Encoder(vocabulary: reference.GetProperty("vocabulary").Deserialize<string[]>());
        foreach (JsonElement pair in reference.GetProperty("pairs").EnumerateArray())
        {
            long[] expected = pair.GetProperty("ids").Deserialize<long[]>()!;
            long[] ids = new long[expected.Length], types = new long[expected.Length];

            encoder.Encode(pair.GetProperty("first").GetString()!, pair.GetProperty("second").GetString(), ids.Length, ids, types);

            ids.ShouldBe(expected, pair.GetRawText());
            types.ShouldBe(pair.GetProperty("types").Deserialize<long[]>()!, pair.GetRawText());
        }
    }

    public void Dispose() => _folder.Dispose();

    private static JsonElement Reference() => JsonSerializer.Deserialize<JsonElement>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Datasets", "Text", "WordPieceReference.json")));

    private static string Spell(WordPieceEncoder encoder, string text) => string.Join(' ', encoder.Pieces(text).Select(id => encoder.Vocabulary[id]));

    private WordPieceEncoder Encoder(string? settings = null, string[]? vocabulary = null, string added = "{}", string whole = "{}")
    {
        string folder = Directory.CreateDirectory(_folder[$"model-{_models++}"]).FullName;
        File.WriteAllLines(Path.Combine(folder, "vocab.txt"), vocabulary ?? pieces);
        File.WriteAllText(Path.Combine(folder, "tokenizer_config.json"), settings ?? "{}");
        File.WriteAllText(Path.Combine(folder, "added_tokens.json"), added);
        File.WriteAllText(Path.Combine(folder, "tokenizer.json"), whole);
        return WordPieceEncoder.Read(folder);
    }

    private void Write(string name, string? text)
    {
        if (text is not null)
        {
            File.WriteAllText(_folder[name], text);
        }
    }
}
