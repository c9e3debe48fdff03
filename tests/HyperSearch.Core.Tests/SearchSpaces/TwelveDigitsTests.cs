using HyperSearch.Core.SearchSpaces;

namespace HyperSearch.Core.Tests.SearchSpaces;

public sealed class TwelveDigitsTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1.0 / 3, 0.333333333333)]
    [InlineData(2.0 / 3e7, 6.66666666667e-8)]
    [InlineData(0.30000000000000004, 0.3)]
    [InlineData(123456789012.6, 123456789013)]
    [InlineData(1e300, 1e300)]
    public void Round_Value_KeepsTwelveDigits(double value, double expected) => TwelveDigits.Round(value).ShouldBe(expected);

    [Fact]
    public void Round_OutsideTheRange_IsClipped()
    {
        TwelveDigits.Round(0.12345678901249, 0.12345678901248, 1).ShouldBe(0.12345678901248);
        TwelveDigits.Round(0.12345678901299, 0, 0.12345678901299).ShouldBe(0.12345678901299);
    }

    [Theory]
    [InlineData(1, 1e-11)]
    [InlineData(9.99, 1e-11)]
    [InlineData(1000, 1e-8)]
    [InlineData(0.1, 1e-12)]
    public void Spacing_Decade_IsTheTwelfthDigit(double value, double expected) => TwelveDigits.Spacing(value).ShouldBe(expected);
}
