using System.Runtime.CompilerServices;
using HyperSearch.Messaging;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace HyperSearch.Worker;

internal static class Program
{
    private const int WrongSettings = 2;

    private static int Main(string[] args) => args switch
    {
        [WorkerHost.SlotVerb, .. var rest] => WorkerHost.RunSlotChild(rest),
        [HealthCheck.Verb, .. var rest] => CheckHealth(rest),
        _ => Serve(args),
    };

    // Apart, so that a child loads nothing of the host.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Serve(string[] args)
    {
        HostApplicationBuilder builder = new(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddEnvironmentVariables().AddCommandLine(args);
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging")).AddSimpleConsole(c => c.SingleLine = true);
        WorkerHost worker = new();
        worker.AddServices(builder.Services, builder.Configuration);
        builder.Services.AddSearchBus(builder.Configuration.GetSection(BusOptions.SectionName).Get<BusOptions>() ?? new(), worker.BusPart);
        try
        {
            using IHost host = builder.Build();
            host.Run();
            return 0;
        }
        catch (OptionsValidationException exception)
        {
            Console.Error.WriteLine(exception.Message);
            return WrongSettings;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int CheckHealth(string[] args) =>
        HealthCheck.Run(new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine(args).Build(), TimeProvider.System, Console.Out);
}
