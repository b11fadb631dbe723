package dev.tidemill.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.spec.yaml.Form;
import dev.tidemill.spec.yaml.Key;
import dev.tidemill.spec.yaml.Shape;
import dev.tidemill.spec.yaml.ValueType;
import dev.tidemill.spec.yaml.YamlNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What a key's reader accepts, its form accepts too: a cluster never refuses what the command line
/// takes.
final class FormTest {
    private static final List<String> SAMPLES =
            List.of(
                    "0",
                    "1",
                    "-1",
                    "7",
                    "1000",
                    "65536",
                    "0.5",
                    "1.0",
                    "1e3",
                    "1e-2",
                    "70%",
                    "0.01",
                    "500m",
                    "2k",
                    "64Mi",
                    "1Gi",
                    "1024",
                    "10s",
                    "1m30s",
                    "1d",
                    "1d12h",
                    "250ms",
                    "1h",
                    "true",
                    "false",
                    "a",
                    "digits",
                    "digits@production",
                    "digits:3",
                    "./m.onnx",
                    "../a b/m.onnx",
                    "/m.onnx",
                    "latest",
                    "UTC",
                    "Europe/Berlin",
                    "+05:30",
                    "Z",
                    "0 8 * * MON-FRI",
                    "*/5 * * * *",
                    "10.0.0.0/8",
                    "2001:db8::/32",
                    "::1",
                    "http://10.0.0.5:8000",
                    "https://api.example.com/v1",
                    "HTTPS://a.example.com",
                    "http://prometheus:9090",
                    "redis://a:1/2",
                    "rediss://a",
                    "gpt-4o",
                    "meta-llama/Llama-3.1-8B",
                    "*",
                    "/predict",
                    "/a/b~c",
                    "x-canary",
                    "1.2x",
                    "800ms",
                    "p95",
                    "p99.9",
                    "2027-01-31",
                    "2027-01-31T12:00:00Z",
                    "USD",
                    "20",
                    "example.com/team",
                    "example.com/tidemill:1.2.3",
                    "*.example.com",
                    "a.b",
                    "",
                    "sha256:" + "0a".repeat(32),
                    "max(a, 2 * b)",
                    "a b",
                    "a/b",
                    "[REDACTED]",
                    "OPENAI_API_KEY",
                    "queue_depth",
                    "https://app.example.com",
                    "onnx",
                    "hpa",
                    "Utilization",
                    "nvidia.com/gpu",
                    "models",
                    "127.0.0.1",
                    "0.0.0.0",
                    "abc.csv",
                    "data/a.jsonl",
                    "redact",
                    "GET",
                    "key",
                    "sum(rate(x[1m]))",
                    "a@b.example");

    @Test
    void a_form_accepts_what_its_reader_accepts() {
        Map<String, List<String>> refused = new TreeMap<>();
        int accepted = 0;
        for (ResourceKind kind : ResourceKind.all()) {
            Map<String, ValueType<?>> types = new TreeMap<>();
            collect(kind.kind(), kind.spec(), types);
            for (Map.Entry<String, ValueType<?>> type : types.entrySet()) {
                for (String sample : samples()) {
                    YamlNode.Scalar scalar = new YamlNode.Scalar(sample, false, 1);
                    if (type.getValue().reader().apply(scalar).isPresent()) {
                        accepted++;
                        if (!accepts(type.getValue().form(), scalar)) {
                            refused.computeIfAbsent(type.getKey(), _ -> new ArrayList<>())
                                    .add(sample);
                        }
                    }
                }
            }
        }

        assertThat(refused).isEmpty();
        assertThat(accepted).isGreaterThan(1000);
    }

    /// The samples, and what comes of changing a letter of them.
    private static List<String> samples() {
        Random random = new Random(11);
        String letters = "aZ09-_./:@%* ~+";
        return SAMPLES.stream()
                .flatMap(sample -> {
                    StringBuilder changed = new StringBuilder(sample);
                    changed.insert(
                            random.nextInt(sample.length() + 1),
                            letters.charAt(random.nextInt(letters.length())));
                    return Stream.of(sample, changed.toString());
                })
                .toList();
    }

    private static void collect(String path, Shape shape, Map<String, ValueType<?>> types) {
        for (Key key : shape.keys()) {
            String at = path + "." + key.name();
            switch (key) {
                case Key.Value<?> value -> types.put(at, value.type());
                case Key.Values<?> values -> types.put(at + "[]", values.item());
                case Key.Section section -> collect(at, section.shape(), types);
                case Key.Sections sections -> collect(at + "[]", sections.item(), types);
                case Key.Pairs<?> pairs -> {
                    types.put(at + "{}", pairs.value());
                    types.put(at + "{key}", pairs.key());
                }
                case Key.Labels _, Key.Tree _ -> {}
            }
        }
    }

    private static boolean accepts(Form form, YamlNode.Scalar scalar) {
        String text = scalar.text();
        return switch (form) {
            case Form.Text(int max, String pattern) ->
                    text.length() <= max
                            && (pattern.isEmpty()
                                    || Pattern.compile(pattern).matcher(text).matches());
            case Form.Whole(long min, long max) ->
                    Long.parseLong(text) >= min && Long.parseLong(text) <= max;
            case Form.Decimal(double min, double max, boolean above) -> {
                double number = Double.parseDouble(text);
                yield number <= max && (above ? number > min : number >= min);
            }
            case Form.Words(List<String> words) -> words.contains(text);
            case Form.Flag() -> text.equals("true") || text.equals("false");
            case Form.Time(String _, String _) -> text.matches("(\\d{1,9}(ms|s|m|h|d))+");
            case Form.Size(String _, String _) -> text.matches("\\d{1,18}(k|M|G|T|Ki|Mi|Gi|Ti)?");
            case Form.NumberOrText(String pattern) ->
                    scalar.type() != YamlNode.Type.TEXT
                            || pattern.isEmpty()
                            || Pattern.compile(pattern).matcher(text).matches();
        };
    }
}
