package dev.tidemill.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.manifests.helm.HelmChart;
import dev.tidemill.manifests.yaml.YamlWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// A chart with its own values is what the file says. The few expressions that our templates have
/// are put in here as Helm would.
final class HelmChartTest {
    private static final Pattern BLOCK =
            Pattern.compile("\\{\\{- toYaml (\\S+|\\(.*?\\)\\S*) \\| nindent (\\d+) }}");
    private static final Pattern WITH =
            Pattern.compile("\\{\\{ with (\\S+) }}(.*?)\\{\\{ else }}(.*?)\\{\\{ end }}");
    private static final Pattern SCALAR = Pattern.compile("\\{\\{ ((\\(.*?\\)|[.$])\\S*) }}");

    private final Platform platform = Sample.whole();
    private final Map<String, String> chart = HelmChart.of(platform);
    private final Map<?, ?> values = load(chart.getOrDefault("values.yaml", ""));

    @Test
    void with_its_own_values_it_makes_the_same_objects() {
        List<KubeObject> plain =
                Manifests.of(platform).stream()
                        .filter(object -> !object.kind().equals("Namespace"))
                        .toList();
        assertThat(chart.keySet())
                .filteredOn(path -> path.endsWith(".yaml") && path.startsWith("templates/"))
                .hasSameSizeAs(plain);
        for (KubeObject object : plain) {
            String path = "templates/" + object.id().replace('/', '-') + ".yaml";
            assertThat(without(load(rendered(chart.getOrDefault(path, "")))))
                    .as(path)
                    .isEqualTo(without(load(YamlWriter.write(object.fields()))));
        }
    }

    @Test
    void images_of_stores_are_values_of_their_own() {
        Map<?, ?> all =
                load(
                        HelmChart.of(Sample.platform(Sample.MODELS, Sample.MADE))
                                .getOrDefault("values.yaml", ""));

        assertThat(all.get("postgres").toString()).contains("image=postgres:18.6");
        assertThat(all.get("redis").toString()).contains("image=redis:");
        assertThat(all.get("image").toString()).contains("repository=tidemill");
    }

    @Test
    void every_value_is_used() {
        String templates = String.join("", chart.values());
        assertThat(templates)
                .contains(
                        ".Values.image.repository",
                        ".Values.gateway.replicas",
                        ".Values.gateway.env",
                        ".Values.control.resources",
                        "(index .Values.models \"digits\").minReplicas",
                        "(index .Values.models \"vision\").tolerations");
        assertThat(values.get("image").toString())
                .contains("repository=example.com/tidemill", "tag=1.2.3");
    }

    private String rendered(String template) {
        String text = BLOCK.matcher(template).replaceAll(match -> quote(block(match)));
        text =
                WITH.matcher(text)
                        .replaceAll(match -> {
                            String value = String.valueOf(look(match.group(1)));
                            return quote(
                                    value.isEmpty()
                                            ? match.group(3)
                                            : match.group(2).replace("{{ . }}", value));
                        });
        text = text.replace("{{ .Release.Namespace }}", "ai-platform");
        text = text.replace("{{ .Release.Service }}", "tidemill");
        text =
                SCALAR.matcher(text)
                        .replaceAll(match -> quote(String.valueOf(look(match.group(1)))));
        return text.replace("{{ \"{{\" }}", "{{");
    }

    private String block(MatchResult match) {
        Object value = look(match.group(1));
        int indent = Integer.parseInt(match.group(2));
        String yaml =
                switch (value) {
                    case List<?> list when list.isEmpty() -> "[]";
                    case Map<?, ?> map when map.isEmpty() -> "{}";
                    case List<?> list -> YamlWriter.list(list);
                    default -> YamlWriter.write(strings((Map<?, ?>) value));
                };
        return "\n" + yaml.stripTrailing().indent(indent).stripTrailing();
    }

    private Object look(String expression) {
        Matcher model =
                Pattern.compile("\\(index \\.Values\\.models \"(.*)\"\\)\\.(.*)")
                        .matcher(expression);
        String path =
                model.matches()
                        ? "models/" + model.group(1) + "/" + model.group(2)
                        : expression.replace("$", "").replace(".Values.", "").replace('.', '/');
        Object here = values;
        for (String step : path.split("/")) {
            here = ((Map<?, ?>) here).get(step);
            assertThat(here).as(expression).isNotNull();
        }
        return here;
    }

    /// What a chart says although the file says nothing.
    private static Object without(Object value) {
        return switch (value) {
            case Map<?, ?> map -> {
                Map<Object, Object> rest = new LinkedHashMap<>();
                map.forEach((key, inner) -> {
                    boolean none =
                            List.of("imagePullSecrets", "nodeSelector", "tolerations").contains(key)
                                    && List.of(List.of(), Map.of()).contains(inner);
                    if (!none) {
                        rest.put(key, without(inner));
                    }
                });
                yield rest;
            }
            case List<?> list -> list.stream().map(HelmChartTest::without).toList();
            default -> value;
        };
    }

    private static Map<String, Object> strings(Map<?, ?> map) {
        Map<String, Object> strings = new LinkedHashMap<>();
        map.forEach((key, value) -> strings.put(String.valueOf(key), value));
        return strings;
    }

    private static Map<?, ?> load(String yaml) {
        return (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(yaml);
    }

    private static String quote(String text) {
        return Matcher.quoteReplacement(text);
    }
}
