package dev.tidemill.conformance.openai;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where everything is.
final class Bench {
    static final String MODEL = "gpt-4o";
    static final List<Float> VECTOR = List.of(0.25f, -1.5f, 3.0f);

    private Bench() {}

    /// With `/v1`.
    static String gateway() {
        return environment("GATEWAY_URL");
    }

    static String key() {
        return environment("GATEWAY_KEY");
    }

    /// How the upstream is to answer one test's requests.
    ///
    /// @param text makes it so, wherever it stands in a request
    record Script(String mark, String text) {
        static Script of(String name) {
            String mark = UUID.randomUUID().toString().replace("-", "");
            return new Script(mark, "script:" + name + ":" + mark);
        }

        /// Seconds at which requests came, on the upstream's clock.
        List<Double> times() {
            Matcher list = Pattern.compile("\"times\": \\[([^]]*)]").matcher(seen());
            List<Double> times = new ArrayList<>();
            if (list.find() && !list.group(1).isBlank()) {
                for (String time : list.group(1).split(",", -1)) {
                    times.add(Double.valueOf(time.strip()));
                }
            }
            return times;
        }

        /// The last request with its headers, as JSON.
        String seen() {
            return control(mark);
        }

        /// Waits until a request that is kept waiting has been given up.
        boolean wasLeft() {
            return control(mark + "/left").contains("true");
        }

        private static String control(String path) {
            try (HttpClient client = HttpClient.newHttpClient()) {
                return client.send(
                                HttpRequest.newBuilder(
                                                URI.create(
                                                        environment("UPSTREAM_URL")
                                                                + "/control/"
                                                                + path))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString())
                        .body();
            } catch (Exception e) {
                throw new AssertionError("the upstream does not tell", e);
            }
        }
    }

    private static String environment(String name) {
        return Objects.requireNonNull(
                System.getenv(name), name + " (expected: conformance/openai/run java)");
    }
}
