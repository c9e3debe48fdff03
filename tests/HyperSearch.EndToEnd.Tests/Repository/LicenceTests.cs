using System.Xml.Linq;

namespace HyperSearch.EndToEnd.Tests.Repository;

public sealed class LicenceTests
{
    private static readonly string[] allowed =
        ["MIT", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "0BSD", "PostgreSQL", "MPL-2.0"];

    // Packages that carry a text instead of an SPDX expression: the licence that the text is, told by a sentence of it.
    private static readonly Dictionary<string, string> licenceTexts = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Permission is hereby granted, free of charge, to any person obtaining a copy"] = "MIT",
        ["Licensed under the Apache License, Version 2.0"] = "Apache-2.0",
    };

    // Reviewed by hand, each a text file in the package.
    private static readonly string[] withText =
    [
        "CommandLineParser", // of BenchmarkDotNet; MIT
        "Microsoft.DotNet.PlatformAbstractions", // of BenchmarkDotNet; MIT
    ];

    [Fact]
    public void Packages_OfAllProjects_HaveAllowedLicences()
    {
        IReadOnlyList<ResolvedPackage> packages = ResolvedPackage.All();

        packages.Count.ShouldBeGreaterThan(100);
        packages.Select(p => (Package: p, Licence: Licence(p))).Where(p => !IsAllowed(p.Licence))
            .Select(p => $"{p.Package}: {p.Licence}").ShouldBeEmpty();
    }

    [Fact]
    public void MassTransit_AnyPackage_IsBeforeTheCommercialVersion() =>
        ResolvedPackage.All().Where(p => p.Name.StartsWith("MassTransit", StringComparison.Ordinal))
            .ShouldAllBe(p => p.Version >= new Version(8, 5, 12) && p.Version < new Version(9, 0));

    [Theory]
    [InlineData("MIT", true)]
    [InlineData("Apache-2.0 OR MPL-2.0", true)]
    [InlineData("(MIT OR GPL-3.0-only)", true)]
    [InlineData("MIT AND GPL-3.0-only", false)]
    [InlineData("AGPL-3.0-or-later", false)]
    [InlineData("", false)]
    public void IsAllowed_Expression_AsExpected(string expression, bool expected) => IsAllowed(expression).ShouldBe(expected);

    private static bool IsAllowed(string expression) =>
        expression.Trim('(', ')').Split(" OR ").Any(choice => choice.Split(" AND ").All(part => allowed.Contains(part.Trim('(', ')', ' '))));

    private static string Licence(ResolvedPackage package)
    {
        XElement metadata = XDocument.Load(Directory.GetFiles(package.Folder, "*.nuspec").Single()).Root!.Elements().First(e => e.Name.LocalName == "metadata");
        XElement? licence = metadata.Elements().FirstOrDefault(e => e.Name.LocalName == "license");
        string type = licence?.Attribute("type")?.Value ?? "none";
        if (type == "file" && withText.Contains(package.Name, StringComparer.OrdinalIgnoreCase))
        {
            string text = string.Join(' ', File.ReadAllText(Path.Combine(package.Folder, licence!.Value.Trim())).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            return licenceTexts.FirstOrDefault(known => text.Contains(known.Key, StringComparison.OrdinalIgnoreCase)).Value ?? "an unknown text";
        }

        return type == "expression" ? licence!.Value : $"{type} {metadata.Elements().FirstOrDefault(e => e.Name.LocalName == "licenseUrl")?.Value}";
    }
}
