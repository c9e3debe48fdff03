using System.Text;
using HyperSearch.Core.Trials;
using HyperSearch.Training.Safetensors;
using TorchSharp;

namespace HyperSearch.Training.Tests.Safetensors;

public sealed class SafetensorsFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string, string> Hostile => new()
    {
        { "not JSON", "{\"a\":", "JSON" },
        { "an array", "[]", "JSON object" },
        { "no fields", """{"a":{}}""", "'a'" },
        { "a number for a tensor", """{"a":1}""", "'a'" },
        { "unknown type", """{"a":{"dtype":"F128","shape":[1],"data_offsets":[0,8]}}""", "'a'" },
        { "negative length", """{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", "'a'" },
        { "fractional length", """{"a":{"dtype":"F32","shape":[2.5],"data_offsets":[0,8]}}""", "'a'" },
        { "length beyond 64 bits", """{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,8]}}""", "'a'" },
        { "product beyond 64 bits", """{"a":{"dtype":"F32","shape":[4611686018427387904,4611686018427387904,4],"data_offsets":[0,8]}}""", "'a'" },
        { "product that wraps to 8 bytes", """{"a":{"dtype":"F32","shape":[4611686018427387906],"data_offsets":[0,8]}}""", "'a'" },
        { "many dimensions", """{"a":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,1,2],"data_offsets":[0,8]}}""", "'a'" },
        { "shape without its bytes", """{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", "'a'" },
        { "offsets turned round", """{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", "'a'" },
        { "three offsets", """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4,8]}}""", "'a'" },
        { "beyond the end", """{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}""", "'a'" },
        { "overlap", """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "'b'" },
        { "gap", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "'a'" },
        { "bytes of no tensor", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "belong to none" },
        { "one name twice", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "a" },
        { "one empty tensor inside another", """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[0],"data_offsets":[4,4]}}""", "'b'" },
        { "an empty tensor that has bytes", """{"a":{"dtype":"F32","shape":[0,9],"data_offsets":[0,8]}}""", "'a'" },
        { "a name that is not text", "{\"\\ud800\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", "JSON" },
        { "deep nesting", "{\"a\":" + new string('[', 500) + new string(']', 500) + "}", "JSON" },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Open_HostileHeader_IsRefusedByName(string what, string header, string named)
    {
        string path = Write(header, new byte[8]);

        TrainingException exception = Should.Throw<TrainingException>(() => SafetensorsFile.Open(path), what);

        exception.Kind.ShouldBe(FailureKind.DatasetError);
        exception.Message.ShouldContain(path);
        exception.Message.ShouldContain(named);
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 1, 0, 0 })]
    [InlineData(new byte[] { 255, 255, 255, 255, 255, 255, 255, 255, 1 })]
    [InlineData(new byte[] { 0, 0, 0, 0, 0, 0, 0, 128, 1 })]
    [InlineData(new byte[] { 100, 0, 0, 0, 0, 0, 0, 0, (byte)'{', (byte)'}' })]
    public void Open_WrongLength_IsRefused(byte[] content)
    {
        string path = _folder["model.safetensors"];
        File.WriteAllBytes(path, content);

        Should.Throw<TrainingException>(() => SafetensorsFile.Open(path)).Message.ShouldContain(path);
    }

    [Fact]
    public void Open_BytesChangedAtRandom_IsRefusedOrReadsWhole()
    {
        const int files = 3000;
        string header = """
            {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"none":{"dtype":"F16","shape":[0,3],"data_offsets":[8,8]},
             "b":{"dtype":"BF16","shape":[2,3],"data_offsets":[8,20]},"__metadata__":{"format":"pt"}}
            """;
        byte[] valid = File.ReadAllBytes(Write(header, new byte[20]));
        SeededGenerator generator = new(1);
        string path = _folder["changed.safetensors"];
        int refused = 0, read = 0;
        for (int i = 0; i < files; i++)
        {
            byte[] changed = [.. valid];
            for (int c = generator.Next(3); c >= 0; c--)
            {
                // Mostly in the header, and among its digits and signs as often as any byte.
                int at = generator.Next(valid.Length - 20);
                changed[at] = generator.Next(2) == 0 ? (byte)generator.Next(256) : (byte)"0123456789-[]{},\":"[generator.Next(18)];
            }

            File.WriteAllBytes(path, changed);
            try
            {
                using SafetensorsFile file = SafetensorsFile.Open(path);
                ReadAll(file);
                read++;
            }
            catch (TrainingException exception)
            {
                exception.Message.ShouldContain(path);
                refused++;
            }
        }

        (refused + read).ShouldBe(files);
        refused.ShouldBeInRange(2000, 2950);
        TestContext.Current.TestOutputHelper?.WriteLine($"{refused} refused, {read} read");
    }

    [Fact]
    public void CopyTo_FloatTypes_BecomeFloat32()
    {
        byte[] data = [.. BitConverter.GetBytes(1.5f), .. BitConverter.GetBytes((Half)(-2.25)), 0x40, 0xC0];
        string path = Write("""
            {"full":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},
             "half":{"dtype":"F16","shape":[1],"data_offsets":[4,6]},
             "brain":{"dtype":"BF16","shape":[1],"data_offsets":[6,8]}}
            """, data);
        using SafetensorsFile file = SafetensorsFile.Open(path);
        using torch.Tensor target = torch.zeros(1);

        Read("full").ShouldBe(1.5f);
        Read("half").ShouldBe(-2.25f);
        Read("brain").ShouldBe(-3f);

        float Read(string name)
        {
            file.CopyTo(name, target);
            return target.item<float>();
        }
    }

    [Fact]
    public void CopyTo_OtherTypeOrShapeOrName_NamesTheTensor()
    {
        string path = Write("""{"a":{"dtype":"I32","shape":[2],"data_offsets":[0,8]}}""", new byte[8]);
        using SafetensorsFile file = SafetensorsFile.Open(path);
        using torch.Tensor two = torch.zeros(2), three = torch.zeros(3);

        Should.Throw<TrainingException>(() => file.CopyTo("a", two)).Message.ShouldContain("I32");
        Should.Throw<TrainingException>(() => file.CopyTo("a", three)).Message.ShouldContain("'a' has shape [2], the model needs [3]");
        Should.Throw<TrainingException>(() => file.CopyTo("b", two)).Message.ShouldContain("'b' is missing");
    }

    [Fact]
    public void Write_ThenRead_GivesTheSameValuesAndBytes()
    {
        using torch.Tensor matrix = torch.randn(3, 5), column = matrix.select(1, 2), scalar = torch.tensor(4f), none = torch.zeros(0, 3);
        KeyValuePair<string, torch.Tensor>[] tensors =
            [new("b.weight", matrix), new("a \"quoted\" name", column), new("scalar", scalar), new("none", none)];

        SafetensorsWriter.Write(_folder["1.safetensors"], tensors);
        SafetensorsWriter.Write(_folder["2.safetensors"], tensors.Reverse());

        File.ReadAllBytes(_folder["1.safetensors"]).ShouldBe(File.ReadAllBytes(_folder["2.safetensors"]));
        Directory.GetFiles(_folder.Path).Length.ShouldBe(2);
        using SafetensorsFile file = SafetensorsFile.Open(_folder["1.safetensors"]);
        foreach ((string name, torch.Tensor tensor) in tensors)
        {
            using torch.Tensor read = torch.full(tensor.shape, 9f);
            file.CopyTo(name, read);
            using torch.Tensor equal = read.eq(tensor).all();
            equal.item<bool>().ShouldBeTrue(name);
        }
    }

    [Theory]
    [InlineData("pytorch_model.bin")]
    [InlineData("model.pt")]
    [InlineData("model.pth")]
    public void Open_Pickle_NamesTheWayOut(string name) =>
        Should.Throw<TrainingException>(() => SafetensorsFile.Open(_folder[name])).Message.ShouldContain("safetensors.torch.save_file");

    [Fact]
    public void Open_MissingFile_IsADatasetError() =>
        Should.Throw<TrainingException>(() => SafetensorsFile.Open(_folder["none.safetensors"])).Kind.ShouldBe(FailureKind.DatasetError);

    public void Dispose() => _folder.Dispose();

    private static void ReadAll(SafetensorsFile file)
    {
        foreach (SafetensorsEntry entry in file.Names.Select(n => file.Find(n)!).Where(e => e.Type is "F32" or "F16" or "BF16"))
        {
            using torch.Tensor target = torch.zeros(entry.Shape.AsSpan());
            file.CopyTo(entry.Name, target);
        }
    }

    private string Write(string header, byte[] data)
    {
        byte[] json = Encoding.UTF8.GetBytes(header);
        string path = _folder["model.safetensors"];
        File.WriteAllBytes(path, [.. BitConverter.GetBytes((long)json.Length), .. json, .. data]);
        return path;
    }
}
