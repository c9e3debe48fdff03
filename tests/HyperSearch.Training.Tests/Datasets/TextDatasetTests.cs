using System.Text;
using HyperSearch.Core.Studies;
using HyperSearch.Core.Trials;
using HyperSearch.Training.Datasets;

namespace HyperSearch.Training.Tests.Datasets;

public sealed class TextDatasetTests : IDisposable
{
    private readonly TinyTextModel _model = new();

    private string Data => _model.Folder["data"];

    [Fact]
    public void Get_CsvWithQuotesAndLineBreaks_GivesTheTokensOfEachText()
    {
        Write("train.csv", "\uFEFFid,text,label\r\n1,\"red, \"\"big\"\"\r\nfox\",b\r\n2,,a\r\n\r\n3,blue fox,b\r\n");
        Write("validation.csv", "text,label\nred,a");

        LabelledDataset dataset = Get("csv");

        dataset.Labels.ShouldBe(["a", "b"]);
        dataset.Train.Labels.data<long>().ToArray().ShouldBe([1, 0, 1]);
        dataset.Train.Inputs.shape.ShouldBe([3, 2, 10]);
        Texts(dataset.Train).ShouldBe(["[CLS] red , \" big \" fox [SEP]", "[CLS] [SEP]", "[CLS] blue fox [SEP]"]);
        Texts(dataset.Validation).ShouldBe(["[CLS] red [SEP]"]);
    }

    [Fact]
    public void Get_Jsonl_GivesTheSameAsCsv()
    {
        Write("train.csv", "text,label,extra\n\"red \"\"fox\"\"\",1,x\nblue,0,y\n");
        Write("validation.csv", "text,label\nred,1\n");
        LabelledDataset csv = Get("csv");
        (long[] tokens, string[] labels) = ([.. csv.Train.Inputs.data<int>().Select(t => (long)t)], [.. csv.Labels]);

        Write("train.jsonl", """{"label": 1, "text": "red \"fox\"", "extra": [1, {"a": null}]}""" + "\n\n" + """{"text": "blue", "label": 0}""");
        Write("validation.jsonl", """{"text": "red", "label": 1}""" + "\r\n");
        LabelledDataset jsonl = Get("jsonl");

        jsonl.Train.Inputs.data<int>().Select(t => (long)t).ShouldBe(tokens);
        jsonl.Labels.ShouldBe(labels);
        jsonl.Train.Labels.data<long>().ToArray().ShouldBe([1, 0]);
    }

    [Fact]
    public void Get_PairsColumnsAndTabs_AreTakenAsAsked()
    {
        Write("train.tsv", "premise\thypothesis\tgold\nred fox\tblue, fox\tyes\nblue\tred\tno\n");
        Write("dev.tsv", "gold\tpremise\thypothesis\nno\tred\tred\n");

        LabelledDataset dataset = Get("csv", new() { TextColumn = "premise", TextPairColumn = "hypothesis", LabelColumn = "gold" });

        Texts(dataset.Train).ShouldBe(["[CLS] red fox [SEP] blue , fox [SEP]", "[CLS] blue [SEP] red [SEP]"]);
        dataset.Train.Inputs[0, 1].data<int>().ToArray().ShouldBe([0, 0, 0, 0, 1, 1, 1, 1, 0, 0]);
        Texts(dataset.Validation).ShouldBe(["[CLS] red [SEP] red [SEP]"]);
    }

    [Fact]
    public void Get_SentenceInsteadOfText_IsFound()
    {
        Write("train.csv", "sentence,label\nred,a\nblue,b\n");
        Write("validation.csv", "sentence,label\nred,a\n");

        Texts(Get("csv").Train).ShouldBe(["[CLS] red [SEP]", "[CLS] blue [SEP]"]);
    }

    [Theory]
    [InlineData(new[] { "10", "9", "-1", "2" }, new[] { "-1", "2", "9", "10" })]
    [InlineData(new[] { "10", "9", "x" }, new[] { "10", "9", "x" })]
    [InlineData(new[] { "spam", "Ham" }, new[] { "Ham", "spam" })]
    public void Get_Labels_AreSortedAsNumbersWhereAllAre(string[] labels, string[] expected)
    {
        Write("train.csv", "text,label\n" + string.Concat(labels.Select(l => $"red,{l}\n")));
        Write("validation.csv", $"text,label\nred,{labels[0]}\n");

        Get("csv").Labels.ShouldBe(expected);
    }

    [Theory]
    [InlineData("1,0,1")]
    [InlineData("good,bad,good")]
    public void Get_LabelsFile_NamesClassesByPlaceOrByName(string labels)
    {
        Write("train.csv", "text,label\n" + string.Concat(labels.Split(',').Select(l => $"red,{l}\n")));
        Write("test.csv", $"text,label\nblue,{labels.Split(',')[0]}\n");
        Write("validation.csv", $"text,label\nblue,{labels.Split(',')[1]}\n");
        Write("labels.txt", "bad\ngood\n");

        LabelledDataset dataset = Get("csv");
        using TestSplit test = Decoded.Test(Data, "csv", dataset.Labels, _model.Texts(10));

        dataset.Labels.ShouldBe(["bad", "good"]);
        dataset.Train.Labels.data<long>().ToArray().ShouldBe([1, 0, 1]);
        test.Split!.Labels.data<long>().ToArray().ShouldBe([1]);
    }

    [Fact]
    public void Get_OneFileWithoutASplitsName_IsAllTrainedOnButATenth()
    {
        Write("mails.csv", "text,label\n" + string.Concat(Enumerable.Range(0, 100).Select(i => $"red {i},{i % 2}\n")));

        foreach (string location in new[] { Data, Path.Combine(Data, "mails.csv") })
        {
            LabelledDataset dataset = Decoded.Get(location, "csv", _model.Texts(10));
            (dataset.Train.Count, dataset.Validation.Count).ShouldBe((90, 10));
            dataset.Validation.RowsByClass(2).Select(r => r.Count).ShouldBe([5, 5]);
        }
    }

    [Fact]
    public void Get_Groups_AreNeverDivided()
    {
        Write("train.csv", "text,label,author\n" + string.Concat(Enumerable.Range(0, 200).Select(i => $"red {i},{i % 2},author {i / 7}\n")));

        LabelledDataset dataset = Get("csv", new() { GroupColumn = "author" });

        dataset.Validation.Count.ShouldBeInRange(14, 28);
        dataset.Train.Indices.Select(i => i / 7).Intersect(dataset.Validation.Indices.Select(i => i / 7)).ShouldBeEmpty();
        dataset.Train.Indices.Concat(dataset.Validation.Indices).Order().ShouldBe(Enumerable.Range(0, 200).Select(i => (long)i));
    }

    [Fact]
    public void Get_GroupInBothSplits_IsAnError()
    {
        Write("train.csv", "text,label,author\nred,a,x\nblue,b,y\n");
        Write("validation.csv", "text,label,author\nred,a,y\n");

        Should.Throw<TrainingException>(() => Get("csv", new() { GroupColumn = "author" })).Message.ShouldContain("\"y\"");
        Get("csv").Train.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("text\nred\n", TestSplit.Unlabelled)]
    [InlineData("text,label\nred,-1\nred,-1\n", TestSplit.Unlabelled)]
    [InlineData("text,label\nred,\n", TestSplit.Unlabelled)]
    [InlineData("text,label\nred,a\n", null)]
    public void Test_LabelsThatAreNotTold_MakeNoTestSplit(string content, string? missing)
    {
        Write("train.csv", "text,label\nred,a\nblue,b\n");
        Write("test.csv", content);

        using TestSplit test = Decoded.Test(Data, "csv", ["a", "b"], _model.Texts(10));

        test.Missing.ShouldBe(missing);
    }

    public static TheoryData<string, string, string> Faults => new()
    {
        { "train.csv", "text,label\nred,a\nred,b,c\n", "line 3: 3 fields, where the header has 2" },
        { "train.csv", "text,label\nred\n", "line 2: 1 fields, where the header has 2" },
        { "train.csv", "text,label\n\"red\nfox\",a\n\nblue\n", "line 5: 1 fields" },
        { "train.csv", "text,label\n\"red,a\nblue,b\n", "line 2: a quote is not closed" },
        { "train.csv", "text,label\nre\"d,a\n", "line 2: a quote is not closed, or stands in a field" },
        { "train.csv", "text,label\nred,\n", "line 2: the label (\"label\") is empty" },
        { "train.csv", "txt,label\nred,a\n", "line 2: there is no column \"text\" (text_column); there are txt, label. Did you mean \"txt\"?" },
        { "train.csv", "text,class\nred,a\n", "line 2: there is no column \"label\" (label_column); there are text, class." },
        { "train.csv", "text,text,label\nred,a,b\n", "line 1: the header has the column \"text\" twice" },
        { "train.csv", "text,label\n", "there are no examples to train on" },
        { "train.csv", "text,label\nred,a\nblue,a\n", "all examples have one class" },
        { "validation.csv", "text,label\nred,a\nblue,maybe\n", "line 3: the label \"maybe\" does not occur in the training split" },
        { "validation.csv", "text,label\n", "there are no examples in this split" },
        { "labels.txt", "a\na\nb\n", "3 names, not all different" },
        { "labels.txt", "a\nc\n", "2 names, not all different or without some of the training split's 2 labels" },
        { "train.jsonl", "{\"text\": \"red\", \"label\": \"a\"}\n{\"text\": \"red\"}\n", "line 2: the field \"label\" is missing or no text" },
        { "train.jsonl", "{\"text\": null, \"label\": \"a\"}\n", "line 1: the field \"text\" is missing or no text" },
        { "train.jsonl", "\n{\"text\": \"red\", \"label\": \"a\"}\n[1]\n", "line 3: this is no JSON object" },
        { "train.jsonl", "{\"text\": \"red\", \"label\": \"a\"\n", "line 1: this is not valid JSON" },
        { "train.jsonl", "{\"text\": \"a\", \"text\": \"b\", \"label\": \"a\"}\n", "line 1: this is not valid JSON" },
        { "train.jsonl", "{\"text\": \"\\ud800\", \"label\": \"a\"}\n", "line 1: this is not valid JSON" },
        { "train.jsonl", "{\"txet\": \"red\", \"label\": \"a\"}\n", "line 1: there is no column \"text\" (text_column); there are txet, label. Did you mean \"txet\"?" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Get_Fault_IsADatasetErrorThatNamesFileAndLine(string file, string content, string message)
    {
        string format = file.EndsWith(".jsonl", StringComparison.Ordinal) ? "jsonl" : "csv";
        Write("train.csv", "text,label\nred,a\nblue,b\n");
        Write("validation.csv", "text,label\nred,a\n");
        Write(file, content);

        TrainingException exception = Should.Throw<TrainingException>(() => Get(format));

        exception.Kind.ShouldBe(FailureKind.DatasetError);
        exception.Message.ShouldContain(message);
        exception.Message.ShouldContain(Path.Combine(Data, file));
    }

    [Theory]
    [InlineData("csv", "text,label\nred,a\n\"blue\nfox\",b\n", 4)]
    [InlineData("jsonl", "{\"text\": \"red\", \"label\": \"a\"}\n{\"text\": \"blue\", \"label\": \"b\"}\n", 2)]
    public void Get_BytesThatAreNoUtf8_AreFoundInTheirLine(string format, string content, int line)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(content);
        bytes[^4] = 0xC3;
        Directory.CreateDirectory(Data);
        File.WriteAllBytes(Path.Combine(Data, "train." + format), bytes);

        Should.Throw<TrainingException>(() => Get(format)).Message.ShouldContain($"train.{format}: line {line}: the bytes are not valid UTF-8");
    }

    [Fact]
    public void Get_LateInvalidBytes_AreFoundAcrossBuffers()
    {
        Directory.CreateDirectory(Data);
        using (FileStream file = File.Create(Path.Combine(Data, "train.csv")))
        {
            file.Write("text,label\n"u8);
            for (int i = 0; i < 20_000; i++)
            {
                file.Write("caf\u00E9,a\n"u8);
            }

            file.Write([0xE9, (byte)',', (byte)'b']);
        }

        Should.Throw<TrainingException>(() => Get("csv")).Message.ShouldContain("line 20002: the bytes are not valid UTF-8");
    }

    [Theory]
    [InlineData("csv", 40)]
    [InlineData("jsonl", 300)]
    public void Get_LinesBrokenAtRandom_AreReadOrRefusedWithFileAndLine(string format, int leastRefused)
    {
        string whole = format == "csv"
            ? "text,label\n" + string.Concat(Enumerable.Range(0, 30).Select(i => i % 3 == 0 ? $"\"red, \"\"fox\"\"\n{i}\",a\n" : $"blue {i},b\n"))
            : string.Concat(Enumerable.Range(0, 30).Select(i => $$"""{"text": "red \u0041 {{i}}", "label": {{i % 3}}}""" + "\n"));
        byte[] bytes = Encoding.UTF8.GetBytes(whole);
        SeededGenerator generator = new(3);
        Directory.CreateDirectory(Data);
        int read = 0, refused = 0;
        for (int i = 0; i < 400; i++)
        {
            byte[] broken = [.. bytes[..(generator.Next(4) == 0 ? generator.Next(bytes.Length) + 1 : bytes.Length)]];
            for (int n = generator.Next(3) + 1; n > 0; n--)
            {
                broken[generator.Next(broken.Length)] = generator.Next(3) switch { 0 => (byte)'"', 1 => (byte)'\n', _ => (byte)generator.Next(256) };
            }

            File.WriteAllBytes(Path.Combine(Data, "train." + format), broken);
            try
            {
                Get(format);
                read++;
            }
            catch (TrainingException exception) when (exception.Kind == FailureKind.DatasetError)
            {
                exception.Message.ShouldContain(Data);
                refused++;
            }
        }

        (read + refused).ShouldBe(400);
        refused.ShouldBeGreaterThan(leastRefused);
    }

    [Theory]
    [InlineData(101, 1, "101 classes in 101 training examples")]
    [InlineData(101, 2, null)]
    [InlineData(100, 1, null)]
    public void Get_ALabelColumnOfIds_IsRefusedByNameAboveAHundred(int classes, int each, string? message)
    {
        Write("train.csv", "text,id\n" + string.Concat(Enumerable.Range(0, classes * each).Select(i => $"red,n{i % classes}\n")));
        Write("validation.csv", "text,id\nblue,n0\n");
        DatasetOptions options = new() { LabelColumn = "id" };

        if (message is null)
        {
            Get("csv", options).Labels.Length.ShouldBe(classes);
            return;
        }

        TrainingException exception = Should.Throw<TrainingException>(() => Get("csv", options));
        exception.Kind.ShouldBe(FailureKind.DatasetError);
        exception.Message.ShouldContain($"{Path.Combine(Data, "train.csv")}: the column \"id\" (label_column) has {message}");
    }

    [Fact]
    public void Get_AnImageModel_IsABadParameter()
    {
        Write("train.csv", "text,label\nred,a\nblue,b\n");

        Should.Throw<TrainingException>(() => Preprocessing.Of(Core.ModelFamilies.ModelFamilyCatalog.Convnet, null, DatasetOptions.Default, "csv"))
            .Kind.ShouldBe(FailureKind.BadParameters);
        Should.Throw<TrainingException>(() => Preprocessing.Of(_model.Family, _model.Weights, DatasetOptions.Default, "idx")).Message.ShouldContain("takes texts");
        Should.Throw<TrainingException>(() => Preprocessing.Of(_model.Family, _model.Weights, new() { MaxLength = 41 }, "csv")).Message.ShouldContain("above the 40 tokens");
    }

    [Theory]
    [InlineData("\"pad_token_id\": 0", "\"pad_token_id\": 4", "pad_token_id is 4, but")]
    [InlineData("\"pad_token_id\": 0,", "", "pad_token_id is 0 (not given), but")]
    public void Of_PaddingThatTheModelWouldRead_IsRefusedWithBothIds(string given, string changed, string message)
    {
        string config = Path.Combine(_model.Weights, "config.json"), vocabulary = Path.Combine(_model.Weights, "vocab.txt");
        File.WriteAllText(config, File.ReadAllText(config).Replace(given, changed, StringComparison.Ordinal));
        string[] pieces = File.ReadAllLines(vocabulary);
        File.WriteAllLines(vocabulary, [.. pieces[1..6], "[PAD]", .. pieces[6..]]);

        TrainingException exception = Should.Throw<TrainingException>(() => Preprocessing.Of(_model.Family, _model.Weights, DatasetOptions.Default, "csv"));

        exception.Kind.ShouldBe(FailureKind.DatasetError);
        exception.Message.ShouldContain($"{config}: {message}");
        exception.Message.ShouldContain($"the id 5 in {vocabulary}");
    }

    public void Dispose() => _model.Dispose();

    private LabelledDataset Get(string format, DatasetOptions? options = null) => Decoded.Get(Data, format, _model.Texts(10), options);

    private void Write(string name, string content)
    {
        Directory.CreateDirectory(Data);
        File.WriteAllText(Path.Combine(Data, name), content, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
    }

    private IEnumerable<string> Texts(ExampleSplit split) =>
        split.Indices.Select(row => string.Join(' ', split.Inputs[row, 0].data<int>().Where(id => id != 0).Select(id => _model.Encoder.Vocabulary[id])));
}
