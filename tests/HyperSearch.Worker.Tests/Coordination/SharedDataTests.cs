using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.ModelFamilies;
using HyperSearch.Core.Studies;
using HyperSearch.Messaging;
using SkiaSharp;

namespace HyperSearch.Worker.Tests.Coordination;

/// <summary>An image folder that a request names, on two slots at once.</summary>
public sealed class SharedDataTests : IDisposable
{
    private readonly TemporaryFolder _data = new();

    [Fact]
    public async Task RunTrial_OnTwoSlots_DecodesOnceWithTheRequestsOptions()
    {
        WriteImages();
        await using RunningWorker worker = await RunningWorker.StartAsync(slots: 2, settings: new() { ["Catalog:Roots:0"] = _data.In("") });
        StudySpec spec = Studies.Synthetic() with
        {
            Model = new StudyModel { Family = ModelFamilyCatalog.Convnet },
            Dataset = new StudyDataset { Location = _data.In("images"), Format = DatasetFormat.ImageFolder, Options = new() { ImageSize = 24 } },
        };
        RunTrial[] orders = [.. Enumerable.Range(0, 2).Select(number => Studies.Order(spec, number, to: 1, parameters: ModelFamilyCatalog.Convnet.Defaults.With(HyperparameterCatalog.Epochs, 1)))];

        await Task.WhenAll(orders.Select(worker.SendAsync));

        foreach (RunTrial order in orders)
        {
            SegmentCompleted completed = (await worker.Coordinator.EndOfAsync(order.Attempt)).Completed.ShouldNotBeNull();
            await using Stream config = await worker.Store.OpenReadAsync(completed.Checkpoint!.Key, "best/config.json", TestContext.Current.CancellationToken);
            using StreamReader text = new(config);
            (await text.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldContain("\"image_size\": 24");
        }

        Directory.GetDirectories(Path.Combine(worker.WorkFolder, "cache")).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task RunTrial_OnADamagedImage_FailsAsDatasetErrorAndNamesIt()
    {
        WriteImages();
        await File.WriteAllTextAsync(_data.In("images/train/a/0.png"), "no image", TestContext.Current.CancellationToken);
        await using RunningWorker worker = await RunningWorker.StartAsync(slots: 1, settings: new() { ["Catalog:Roots:0"] = _data.In("") });
        StudySpec spec = Studies.Synthetic() with
        {
            Model = new StudyModel { Family = ModelFamilyCatalog.Convnet },
            Dataset = new StudyDataset { Location = _data.In("images"), Format = DatasetFormat.ImageFolder },
        };
        RunTrial order = Studies.Order(spec, 0, to: 1, parameters: ModelFamilyCatalog.Convnet.Defaults.With(HyperparameterCatalog.Epochs, 1));

        await worker.SendAsync(order);

        TrialFailed failed = (await worker.Coordinator.EndOfAsync(order.Attempt)).Failed.ShouldNotBeNull();
        failed.Kind.ShouldBe("dataset_error");
        failed.Message.ShouldContain("images/train/a/0.png");
    }

    public void Dispose() => _data.Dispose();

    private void WriteImages()
    {
        foreach (string folder in new[] { "train/a", "train/b", "validation/a", "validation/b" })
        {
            Directory.CreateDirectory(_data.In("images/" + folder));
            for (int i = 0; i < 8; i++)
            {
                using SKBitmap bitmap = new(20, 16);
                bitmap.Erase(folder.EndsWith('a') ? new SKColor(200, (byte)(10 * i), 0) : new SKColor(0, (byte)(10 * i), 200));
                using SKData png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
                File.WriteAllBytes(_data.In($"images/{folder}/{i}.png"), png.ToArray());
            }
        }
    }
}
