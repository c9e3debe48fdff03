using System.ComponentModel;
using HyperSearch.Artifacts;
using HyperSearch.Core.Trials;
using HyperSearch.Messaging;
using HyperSearch.Worker.Coordination;
using HyperSearch.Worker.Slots;
using Microsoft.Extensions.Options;

namespace HyperSearch.Worker.Segments;

/// <summary>One attempt on a slot: gets its checkpoint, follows the child, keeps what it writes, and says how it ended.</summary>
internal sealed class SegmentRun : IDisposable
{
    private readonly RunTrial _trial;
    private readonly CheckpointArchive _archive;
    private readonly EventOutbox _outbox;
    private readonly WorkFolder _work;
    private readonly WorkerOptions _options;
    private readonly TimeProvider _time;
    private readonly string _device;
    private readonly AttemptRecord _record;
    private readonly ChildGrip _grip;
    private readonly FittingMicroBatches _fitting;
    private readonly string _root;
    private string? _storeDetail;
    private WrittenCheckpoint? _kept;

    public SegmentRun(
        RunTrial trial, CheckpointArchive archive, EventOutbox outbox, WorkFolder work, WorkerIdentity identity, WorkerDevice device, FittingMicroBatches fitting, IOptions<WorkerOptions> options, TimeProvider time)
    {
        (_trial, _archive, _outbox, _work, _fitting, _options, _time) = (trial, archive, outbox, work, fitting, options.Value, time);
        _device = device.Name;
        _record = new(trial.Attempt, identity.Incarnation);
        _grip = new(_options, time);
        _root = work.ForAttempt(Slot.NextJob());
    }

    public AttemptReference Attempt => _trial.Attempt;

    /// <summary>Makes it stop; of two reasons the stronger one holds.</summary>
    public void Stop(StopReason reason) => _grip.Stop(reason);

    /// <summary>Runs to the end. The event that says how it ended; null when nobody wants to know.</summary>
    public async Task<TrialEvent?> RunAsync(Slot slot)
    {
        try
        {
            TrialEvent? end = await TrainAsync(slot);
            return end?.Returned?.Cause == ReturnCause.ArtifactStore ? await HoldBackAsync(end) : end;
        }
        catch (ArtifactStoreException exception) when (exception.IsMissing)
        {
            return UnlessStopped(_record.Failed(FailureKind.Internal, exception.Message, retryable: true));
        }
        catch (ArtifactStoreException exception)
        {
            return await HoldBackAsync(_record.Returned(ReturnCause.ArtifactStore, exception.Message));
        }
        catch (Win32Exception exception)
        {
            return UnlessStopped(_record.Returned(ReturnCause.ChildDied, $"The child process cannot be started: {exception.Message}"));
        }
        finally
        {
            _work.Delete(_root);
        }
    }

    public void Dispose() => _grip.Dispose();

    private async Task<TrialEvent?> TrainAsync(Slot slot)
    {
        RunTrial trial = _fitting.Apply(_trial);
        while (true)
        {
            string? folder = trial.Checkpoint is { } key ? await _archive.FetchAsync(key, _grip.Forced) : null;
            if (_grip.Reason > StopReason.Pause)
            {
                return await ConcludeAsync(null, null);
            }

            SlotJob job = new()
            {
                Trial = trial,
                CheckpointFolder = folder,
                CheckpointRoot = _root,
                Threads = _options.ThreadsPerSlot,
                Device = _device,
                DataRoots = [.. _options.DataRoots],
                CacheFolder = Path.GetFullPath(_options.DecodedFolder),
                CacheBytes = _options.CacheBytes,
                KeepsFeatures = _options.KeepsFeatures,
            };
            ChildProcess child = slot.Child();
            SegmentEnd? end = await FollowAsync(slot, child, job);
            if (end is not { Kind: SegmentEndKind.OutOfMemory, NextMicroBatch: { } smaller } || _grip.Reason > StopReason.Pause)
            {
                return await ConcludeAsync(end, child);
            }

            _fitting.Learn(_trial, smaller);
            if (_record.IsAhead)
            {
                // What was reported beyond the checkpoint is discarded, and within an attempt the API keeps the first report of an epoch.
                return _record.Returned(ReturnCause.OutOfMemory, end.Message, smaller);
            }

            // Within the same attempt, from the last checkpoint it wrote, or else from where it began.
            trial = _record.Checkpoint is { } last
                ? _trial with { Checkpoint = last.Key, FromEpoch = last.Epoch, MicroBatch = smaller }
                : _trial with { MicroBatch = smaller };
        }
    }

    private async Task<SegmentEnd?> FollowAsync(Slot slot, ChildProcess child, SlotJob job)
    {
        long number = Slot.NextJob();
        long start = _time.GetTimestamp();
        _grip.Take(child, new SlotCommand { Job = number, Run = job });
        SegmentEnd? end = null;
        List<SlotEvent> batch = [];
        while (end is null && await child.Events.WaitToReadAsync())
        {
            batch.Clear();
            while (child.Events.TryRead(out SlotEvent? what))
            {
                if (what.Job == number)
                {
                    batch.Add(what);
                }
            }

            end = await ApplyAsync(batch);
        }

        _record.DeviceTime += _time.GetElapsedTime(start);
        if (!_grip.Release() || end is null || end.SpoilsChild())
        {
            slot.Drop();
        }

        return end;
    }

    private async Task<SegmentEnd?> ApplyAsync(List<SlotEvent> batch)
    {
        SlotEvent? newest = batch.FindLast(e => e.Checkpoint is not null);
        SegmentEnd? end = null;
        foreach (SlotEvent what in batch)
        {
            if (what.Checkpoint is { } overtaken && what != newest)
            {
                // Of several checkpoints that wait only the newest is worth the store's time.
                _work.Delete(overtaken.Folder);
            }
            else if (what.Checkpoint is { } written && _grip.Reason < StopReason.Store)
            {
                await KeepAsync(written);
            }

            if (_grip.Reason < StopReason.Store)
            {
                Tell(what);
            }

            end ??= what.Ended;
        }

        return end;
    }

    private void Tell(SlotEvent what)
    {
        if (what.Started is { } facts)
        {
            _outbox.Add(_record.Started(facts));
        }

        if (what.Reported is { } metrics)
        {
            _outbox.Add(_record.Reported(metrics));
        }
    }

    private async Task KeepAsync(WrittenCheckpoint written)
    {
        try
        {
            _record.Checkpoint = await _archive.StoreAsync(Attempt, written, _grip.Forced);
            if (_kept is { } previous && previous.Folder != written.Folder)
            {
                _work.Delete(previous.Folder);
            }

            _kept = written;
        }
        catch (ArtifactStoreException exception)
        {
            _storeDetail = exception.Message;
            _grip.Stop(StopReason.Store);
        }
        catch (OperationCanceledException)
        {
            _storeDetail = "The artifact store took too long.";
            _grip.Stop(StopReason.Store);
        }
    }

    /// <summary>The trial would come back at once to the same store: its slot is kept for a while, so that it pauses instead.</summary>
    private async Task<TrialEvent?> HoldBackAsync(TrialEvent end)
    {
        try
        {
            await Task.Delay(TimeSpan.FromSeconds(_options.StorePauseS), _time, _grip.Unwanted);
        }
        catch (OperationCanceledException)
        {
            return UnlessStopped(end); // the slot is wanted back
        }

        return UnlessStopped(end);
    }

    private TrialEvent? UnlessStopped(TrialEvent end) => _grip.Reason switch
    {
        StopReason.Discard => null,
        StopReason.Drain => _record.Returned(ReturnCause.Drain),
        _ => end,
    };

    private async Task<TrialEvent?> ConcludeAsync(SegmentEnd? end, ChildProcess? child) => _grip.Reason switch
    {
        StopReason.Discard => null,
        StopReason.Store => _record.Returned(ReturnCause.ArtifactStore, _storeDetail),
        StopReason.Drain when end is null or { Kind: SegmentEndKind.StoppedNow or SegmentEndKind.OutOfMemory or SegmentEndKind.LibraryFailed } => _record.Returned(ReturnCause.Drain),
        _ when end is null => _record.Returned(ReturnCause.ChildDied, await DeathAsync(child!)),
        _ => Concluded(end),
    };

    private TrialEvent Concluded(SegmentEnd end) => end.Kind switch
    {
        SegmentEndKind.Completed or SegmentEndKind.Diverged or SegmentEndKind.StoppedEarly => _record.Completed(end),
        SegmentEndKind.StoppedAtEpoch => _record.Returned(ReturnCause.Pause),
        SegmentEndKind.LibraryFailed => _record.Returned(ReturnCause.ChildDied, end.Message),
        SegmentEndKind.StorageFailed => _record.Returned(ReturnCause.ArtifactStore, end.Message),
        SegmentEndKind.OutOfMemory => _record.Failed(FailureKind.OutOfMemory, end.Message ?? "Even the smallest micro-batch does not fit.", retryable: true),
        SegmentEndKind.Failed => _record.Failed(end.Failure ?? FailureKind.Internal, end.Message ?? "It failed.", end.Retryable),
        SegmentEndKind.StoppedNow => _record.Failed(FailureKind.Internal, "It stopped without being told to.", retryable: true),
        _ => throw new InvalidOperationException($"Unknown end {end.Kind}."),
    };

    private async Task<string> DeathAsync(ChildProcess child)
    {
        string epitaph = await child.EpitaphAsync();
        return _grip.Stalled ? FormattableString.Invariant($"No batch finished within {_options.StallTimeoutS} s; {epitaph}") : epitaph;
    }
}
