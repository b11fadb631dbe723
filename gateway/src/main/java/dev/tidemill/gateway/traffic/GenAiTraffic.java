package dev.tidemill.gateway.traffic;

import dev.tidemill.gateway.openai.Usage;
import dev.tidemill.http.Metrics;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Requests of OpenAI's protocol in OpenTelemetry's conventions for generative AI. A gateway is a
/// client of its upstreams and a server to its clients. Thread-safe.
public final class GenAiTraffic {
    /// The conventions' bounds for durations of operations.
    private static final List<Duration> DURATIONS =
            IntStream.range(0, 14).mapToObj(i -> Duration.ofMillis(10L << i)).toList();

    private static final List<Duration> FIRST_TOKENS =
            millis(1, 5, 10, 20, 40, 60, 80, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10_000);
    private static final List<Duration> PER_TOKENS =
            millis(5, 10, 25, 50, 75, 100, 150, 200, 300, 400, 500, 750, 1000, 2500);
    private static final List<Double> TOKENS = Stream.iterate(1.0, x -> x * 4).limit(14).toList();

    /// All upstreams here speak OpenAI's protocol, which is all that is known of them.
    public static final String PROVIDER = "openai";

    private final Metrics metrics;
    private final Map<Series, Meters> meters = new ConcurrentHashMap<>();

    public GenAiTraffic(Metrics metrics) {
        this.metrics = metrics;
    }

    /// A request has ended.
    ///
    /// @param model of the configuration: names that clients make up are not told
    public void ended(String operation, String model, Ended ended) {
        Meters own =
                meters.computeIfAbsent(
                        new Series(operation, model, errorType(ended.status())),
                        series -> new Meters(metrics, series));
        own.server.record(ended.nanos(), TimeUnit.NANOSECONDS);
        if (ended.asked()) {
            own.client.record(ended.nanos(), TimeUnit.NANOSECONDS);
        }
        Usage usage = ended.usage();
        if (usage != null && !usage.estimated()) {
            own.input.record((double) usage.input());
            own.output.record((double) usage.output());
        }
        if (ended.firstNanos() >= 0) {
            own.first.record(ended.firstNanos(), TimeUnit.NANOSECONDS);
            if (usage != null && usage.output() > 1) {
                own.perToken.record(
                        (ended.nanos() - ended.firstNanos()) / (usage.output() - 1),
                        TimeUnit.NANOSECONDS);
            }
        }
    }

    private static String errorType(int status) {
        return status == 0 ? "cut" : status < 400 ? "" : String.valueOf(status);
    }

    private static List<Duration> millis(long... millis) {
        return Arrays.stream(millis).mapToObj(Duration::ofMillis).toList();
    }

    /// How a request ended.
    ///
    /// @param status that the client got, 0 for an answer that was cut off
    /// @param nanos that it took
    /// @param firstNanos until the first event of its stream; -1 when it was none
    /// @param asked whether an upstream was asked, and not a cache
    /// @param usage null when it used none
    public record Ended(
            int status, long nanos, long firstNanos, boolean asked, @Nullable Usage usage) {}

    private record Series(String operation, String model, String error) {}

    /// One combination of labels.
    private static final class Meters {
        private final Timer server;
        private final Timer client;
        private final Timer first;
        private final Timer perToken;
        private final DistributionSummary input;
        private final DistributionSummary output;

        Meters(Metrics metrics, Series series) {
            String operation = series.operation();
            String model = series.model();
            String error = series.error();
            server =
                    metrics.timer(
                            GatewayMetrics.SERVER_DURATION,
                            DURATIONS,
                            operation,
                            PROVIDER,
                            model,
                            error);
            client =
                    metrics.timer(
                            GatewayMetrics.OPERATION, DURATIONS, operation, PROVIDER, model, error);
            first =
                    metrics.timer(
                            GatewayMetrics.FIRST_TOKEN, FIRST_TOKENS, operation, PROVIDER, model);
            perToken =
                    metrics.timer(GatewayMetrics.PER_TOKEN, PER_TOKENS, operation, PROVIDER, model);
            input = tokens(metrics, series, "input");
            output = tokens(metrics, series, "output");
        }

        private static DistributionSummary tokens(Metrics metrics, Series series, String type) {
            return metrics.counts(
                    GatewayMetrics.TOKEN_USAGE,
                    TOKENS,
                    series.operation(),
                    PROVIDER,
                    series.model(),
                    type);
        }
    }
}
