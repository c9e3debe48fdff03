using TorchSharp;

namespace HyperSearch.Training.ModelFamilies;

/// <summary>
/// Gradients of tables of which a batch reads some rows. Autograd would write one as large as the table, then add all of
/// it to the parameter's: for the 30,522 words of a BERT and a thousand tokens, a twentieth of a training step. Here the rows
/// that were read are where the graph ends, and only their gradients are added.
/// </summary>
internal sealed class RowGradients : IDisposable
{
    private readonly List<Read> _reads = [];

    /// <summary>The rows [numbers, width] of a table. <see cref="Add"/> must follow the backward pass.</summary>
    /// <param name="table">A parameter [rows, width].</param>
    /// <param name="numbers">Rows to read, int64 [numbers]; they are taken over, like the rows.</param>
    public torch.Tensor Rows(torch.Tensor table, torch.Tensor numbers)
    {
        if (!table.requires_grad || !torch.is_grad_enabled())
        {
            return table.index_select(0, numbers);
        }

        using torch.Tensor values = table.detach();
        torch.Tensor rows = values.index_select(0, numbers).requires_grad_(true);
        _reads.Add(new(table, numbers.DetachFromDisposeScope(), rows.DetachFromDisposeScope()));
        return rows;
    }

    /// <summary>Adds the gradients of all rows read since the last call to those of their tables.</summary>
    public void Add()
    {
        foreach ((torch.Tensor table, torch.Tensor numbers, torch.Tensor rows) in _reads)
        {
            using torch.Tensor? gradient = rows.grad;
            if (gradient is not null)
            {
                using torch.Tensor sum = table.grad!;
                sum.index_add_(0, numbers, gradient, 1);
            }
        }

        Dispose();
    }

    public void Dispose()
    {
        foreach (Read read in _reads)
        {
            read.Numbers.Dispose();
            read.Rows.Dispose();
        }

        _reads.Clear();
    }

    private readonly record struct Read(torch.Tensor Table, torch.Tensor Numbers, torch.Tensor Rows);
}
