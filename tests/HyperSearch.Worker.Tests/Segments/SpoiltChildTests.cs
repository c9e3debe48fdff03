using System.Runtime.InteropServices;
using HyperSearch.Core.Trials;
using HyperSearch.Training;
using HyperSearch.Worker.Segments;

namespace HyperSearch.Worker.Tests.Segments;

/// <summary>After which ends a child is of no more use.</summary>
public sealed class SpoiltChildTests
{
    [Fact]
    public void EndOf_AnErrorOfTheTensorLibrary_SpoilsTheChild()
    {
        TrainingException failure = new(FailureKind.Internal, "The tensor library failed: x", new NativeError("CUDA error: x"));

        SegmentEnd end = FineTuningRunner.EndOf(failure);

        (end.Kind, end.Message, end.SpoilsChild()).ShouldBe((SegmentEndKind.LibraryFailed, "The tensor library failed: x", true));
    }

    [Theory]
    [InlineData(FailureKind.DatasetError, true)]
    [InlineData(FailureKind.Internal, false)]
    public void EndOf_AnErrorOfOurs_LeavesTheChild(FailureKind kind, bool retryable)
    {
        SegmentEnd end = FineTuningRunner.EndOf(new TrainingException(kind, "no"));

        (end.Kind, end.Failure, end.Retryable, end.SpoilsChild()).ShouldBe((SegmentEndKind.Failed, kind, retryable, false));
    }

    [Fact]
    public void SpoilsChild_AfterOutOfMemory_IsTrue() => new SegmentEnd(SegmentEndKind.OutOfMemory).SpoilsChild().ShouldBeTrue();

    private sealed class NativeError(string message) : ExternalException(message);
}
