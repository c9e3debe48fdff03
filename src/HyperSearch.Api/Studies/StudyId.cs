using System.Security.Cryptography;

namespace HyperSearch.Api.Studies;

/// <summary>Ids that sort by their time: <c>st_</c>, 48 bits of milliseconds and 80 random ones, in Crockford's base 32.</summary>
internal static class StudyId
{
    private const string Digits = "0123456789abcdefghjkmnpqrstvwxyz";
    private const int TimeDigits = 10;
    private const int RandomDigits = 16;

    public static string New(TimeProvider time)
    {
        long milliseconds = time.GetUtcNow().ToUnixTimeMilliseconds();
        char[] id = new char[3 + TimeDigits + RandomDigits];
        "st_".CopyTo(id);
        for (int i = TimeDigits - 1; i >= 0; i--, milliseconds >>= 5)
        {
            id[3 + i] = Digits[(int)(milliseconds & 31)];
        }

        RandomNumberGenerator.GetItems<char>(Digits, id.AsSpan(3 + TimeDigits));
        return new string(id);
    }
}
