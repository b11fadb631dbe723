package dev.tidemill.autoscale;

import dev.tidemill.scaling.Signal;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One query of a server with Prometheus' API, for some targets. Its instant result is summed; an
/// empty result, an error and a number that is none are no value, which is not zero.
public final class PrometheusSource implements SignalSource {
    private static final Duration TIMEOUT = Duration.ofMillis(1_500);

    private final HttpClient http;
    private final JsonMapper json;
    private final String name;
    private final URI request;
    private final Optional<Signal> signal;
    private final double scale;
    private final List<String> targets;

    /// @param name by which policies call the value
    /// @param signal that it also is, for policies that go by signals
    /// @param scale how many of its units one of the signal's is
    /// @param server such as `http://prometheus:9090`, with a path when it has one
    public PrometheusSource(
            HttpClient http,
            JsonMapper json,
            String name,
            String server,
            String query,
            Optional<Signal> signal,
            double scale,
            List<String> targets) {
        this.http = http;
        this.json = json;
        this.name = name;
        String base = server.endsWith("/") ? server.substring(0, server.length() - 1) : server;
        this.request =
                URI.create(
                        base
                                + "/api/v1/query?query="
                                + URLEncoder.encode(query, StandardCharsets.UTF_8));
        this.signal = signal;
        this.scale = scale;
        this.targets = List.copyOf(targets);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Map<String, Measures> read() {
        OptionalDouble value = value();
        if (value.isEmpty()) {
            return Map.of();
        }
        Map<Signal, Double> signals =
                signal.map(of -> Map.of(of, value.getAsDouble() / scale)).orElse(Map.of());
        Measures measures = new Measures(signals, Map.of(name, value.getAsDouble()));
        return targets.stream()
                .distinct()
                .collect(Collectors.toMap(target -> target, _ -> measures));
    }

    private OptionalDouble value() {
        try {
            HttpResponse<byte[]> answer =
                    http.send(
                            HttpRequest.newBuilder(request).timeout(TIMEOUT).build(),
                            HttpResponse.BodyHandlers.ofByteArray());
            return answer.statusCode() == 200 ? sum(answer.body()) : OptionalDouble.empty();
        } catch (IOException | JacksonException e) {
            return OptionalDouble.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return OptionalDouble.empty();
        }
    }

    /// `{"status":"success","data":{"resultType":"vector","result":[{"value":[time,"1"]}]}}`, or a
    /// scalar, whose result is the pair itself.
    private OptionalDouble sum(byte[] body) {
        JsonNode answer = json.readTree(body);
        JsonNode data = answer.path("data");
        if (!answer.path("status").asString("").equals("success")) {
            return OptionalDouble.empty();
        }
        if (data.path("resultType").asString("").equals("scalar")) {
            return number(data.path("result").path(1));
        }
        double sum = 0;
        boolean any = false;
        for (JsonNode series : data.path("result")) {
            OptionalDouble each = number(series.path("value").path(1));
            if (each.isEmpty()) {
                return OptionalDouble.empty();
            }
            sum += each.getAsDouble();
            any = true;
        }
        return any ? OptionalDouble.of(sum) : OptionalDouble.empty();
    }

    private static OptionalDouble number(JsonNode text) {
        try {
            double value = Double.parseDouble(text.asString(""));
            return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
        } catch (NumberFormatException _) {
            return OptionalDouble.empty();
        }
    }
}
