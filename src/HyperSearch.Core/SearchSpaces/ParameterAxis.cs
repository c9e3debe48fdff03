using System.Collections.Immutable;
using HyperSearch.Core.Hyperparameters;
using HyperSearch.Core.Samplers;

namespace HyperSearch.Core.SearchSpaces;

/// <summary>What a sampler can take from one domain: numbered points, or a continuum.</summary>
/// <param name="Hyperparameter">Whose values these are.</param>
internal abstract record ParameterAxis(Hyperparameter Hyperparameter)
{
    /// <summary>Number of distinct points; null for a continuum.</summary>
    public abstract long? Count { get; }

    /// <summary>Whether a draw takes every point with equal probability.</summary>
    public virtual bool Uniform => Count is not null;

    /// <summary>The point of an index from 0; ascending for ranges.</summary>
    public abstract double At(long index);

    /// <summary>The value at a coordinate of the unit interval: equal parts for points, the range's scale otherwise.</summary>
    /// <param name="coordinate">0..1.</param>
    public virtual double FromUnit(double coordinate) => At(Math.Min((long)(coordinate * Count!.Value), Count.Value - 1));

    /// <summary>The coordinate of a value, for points the middle of their part; null for a value outside the axis.</summary>
    public virtual double? ToUnit(double value) =>
        Count is { } count && Nearest(value) is var index && index >= 0 && index < count ? (index + 0.5) / count : null;

    /// <summary>The index of a point; null for a number that is none.</summary>
    public long? IndexOf(double value) => Count is { } count && Nearest(value) is var index && index >= 0 && index < count && At(index) == value ? index : null;

    /// <summary>The only index that a number could have.</summary>
    protected abstract long Nearest(double value);

    /// <summary>The coordinate of a value between two others, or null outside of them.</summary>
    protected static double? Share(double value, double low, double high) =>
        (value - low) / (high - low) is var share && share >= 0 && share <= 1 ? share : null;

    /// <summary>The value that a hash draws.</summary>
    public virtual double Draw(ulong hash) => At(StableMix.Below(hash, Count!.Value));

    /// <summary>A list.</summary>
    public sealed record Listed(Hyperparameter Hyperparameter, ImmutableArray<double> Values) : ParameterAxis(Hyperparameter)
    {
        public override long? Count => Values.Length;

        public override double At(long index) => Values[(int)index];

        protected override long Nearest(double value) => Values.IndexOf(value);
    }

    /// <summary>The lattice min + i * step; every integer of a range has step 1.</summary>
    public sealed record Lattice(Hyperparameter Hyperparameter, double Min, double Max, double Step) : ParameterAxis(Hyperparameter)
    {
        private readonly long _count = (long)Math.Floor((Max - Min) / Step + 1e-9) + 1;

        public override long? Count => _count;

        public override double At(long index) => TwelveDigits.Round(Min + index * Step, Min, Max);

        protected override long Nearest(double value) => (long)Math.Round((value - Min) / Step);
    }

    /// <summary>Every integer of a range, drawn evenly on the logarithm.</summary>
    public sealed record LogIntegers(Hyperparameter Hyperparameter, double Min, double Max) : ParameterAxis(Hyperparameter)
    {
        private readonly double _low = Math.Log(Min - 0.5);
        private readonly double _high = Math.Log(Max + 0.5);

        public override long? Count => (long)(Max - Min) + 1;

        public override bool Uniform => Min == Max;

        public override double At(long index) => Min + index;

        protected override long Nearest(double value) => (long)Math.Round(value - Min);

        public override double Draw(ulong hash) => FromUnit(StableMix.Unit(hash));

        public override double FromUnit(double coordinate)
        {
            double value = Math.Exp(_low + coordinate * (_high - _low));
            return Math.Clamp(Math.Round(value, MidpointRounding.AwayFromZero), Min, Max);
        }

        public override double? ToUnit(double value) => Share(Math.Log(value), _low, _high);
    }

    /// <summary>A range so narrow that its numbers of 12 digits are few: they and both ends.</summary>
    public sealed record Decimals(Hyperparameter Hyperparameter, double Min, double Max) : ParameterAxis(Hyperparameter)
    {
        private readonly double _spacing = TwelveDigits.Spacing(Max);
        private readonly long _first = First(Min, TwelveDigits.Spacing(Max));
        private readonly long _count = 2 + Math.Max(0, Last(Max, TwelveDigits.Spacing(Max)) - First(Min, TwelveDigits.Spacing(Max)) + 1);

        public override long? Count => _count;

        public override double FromUnit(double coordinate) => TwelveDigits.Round(Min + coordinate * (Max - Min), Min, Max);

        public override double? ToUnit(double value) => Share(value, Min, Max);

        public override double At(long index) =>
            index == 0 ? Min : index == _count - 1 ? Max : Point(_first + index - 1, _spacing);

        protected override long Nearest(double value) =>
            value == Min ? 0 : value == Max ? _count - 1 : (long)Math.Round(value / _spacing) - _first + 1;

        private static double Point(long multiple, double spacing) => TwelveDigits.Round(multiple * spacing);

        private static long First(double min, double spacing)
        {
            long multiple = (long)Math.Floor(min / spacing) - 1;
            while (Point(multiple, spacing) <= min)
            {
                multiple++;
            }

            return multiple;
        }

        private static long Last(double max, double spacing)
        {
            long multiple = (long)Math.Ceiling(max / spacing) + 1;
            while (Point(multiple, spacing) >= max)
            {
                multiple--;
            }

            return multiple;
        }
    }

    /// <summary>A range of floats.</summary>
    public sealed record Continuous(Hyperparameter Hyperparameter, double Min, double Max, bool Log) : ParameterAxis(Hyperparameter)
    {
        private readonly double _low = Log ? Math.Log(Min) : Min;
        private readonly double _high = Log ? Math.Log(Max) : Max;

        public override long? Count => null;

        public override double At(long index) => throw IsContinuum();

        public override double Draw(ulong hash) => FromUnit(StableMix.Unit(hash));

        public override double FromUnit(double coordinate)
        {
            double value = _low + coordinate * (_high - _low);
            return TwelveDigits.Round(Log ? Math.Exp(value) : value, Min, Max);
        }

        public override double? ToUnit(double value) => Share(Log ? Math.Log(value) : value, _low, _high);

        protected override long Nearest(double value) => throw IsContinuum();

        private InvalidOperationException IsContinuum() => new($"{Hyperparameter} is a continuum.");
    }
}
