package dev.tidemill.manifests.crd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.manifests.KubeObject;
import dev.tidemill.manifests.yaml.YamlWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The definitions, compared with those that somebody looked at last, and with what an API server
/// wants of a structural schema.
final class CrdsTest {
    private static final Path GOLDEN = Path.of("src", "test", "resources", "crds");

    /// What an object may have, by the API server's rule.
    private static final int MOST_BYTES = 1 << 20;

    private static final Pattern PATTERN =
            Pattern.compile("matches\\(\"((?:[^\"\\\\]|\\\\.)*)\"\\)");

    private static final Pattern NAMED = Pattern.compile("\\bself((?:\\.\\w+)+)");

    /// An escape, a class, a bracket, a repeat with its upper bound, or any other character.
    private static final Pattern TOKEN =
            Pattern.compile(
                    "\\\\.|\\[(?:[^\\]\\\\]|\\\\.)+\\]|\\{(?:\\d+,)?(\\d+)}|.", Pattern.DOTALL);

    static List<KubeObject> all() {
        return Crds.all();
    }

    @ParameterizedTest
    @MethodSource("all")
    void they_are_what_they_were(KubeObject crd) throws IOException {
        String made = YamlWriter.write(crd.fields());
        Path path = GOLDEN.resolve(crd.name() + ".yaml");
        if (Boolean.getBoolean("tidemill.update")) {
            Files.createDirectories(GOLDEN);
            Files.writeString(path, made);
        }

        assertThat(path).as("write it anew with -Dtidemill.update=true").hasContent(made);
    }

    @Test
    void there_is_one_for_each_kind() {
        assertThat(all())
                .extracting(KubeObject::name)
                .containsExactly(
                        "trainings.tidemill.dev",
                        "models.tidemill.dev",
                        "apps.tidemill.dev",
                        "gateways.tidemill.dev",
                        "environments.tidemill.dev");
    }

    @ParameterizedTest
    @MethodSource("all")
    void every_part_of_a_schema_has_a_type_or_says_that_it_has_several(KubeObject crd) {
        List<String> without = new ArrayList<>();
        look(
                "",
                schema(crd),
                (path, schema) -> {
                    if (!schema.containsKey("type")
                            && !schema.containsKey("x-kubernetes-int-or-string")
                            && !schema.containsKey("x-kubernetes-preserve-unknown-fields")) {
                        without.add(path);
                    }
                    if ("array".equals(schema.get("type")) != schema.containsKey("items")) {
                        without.add(path);
                    }
                });

        assertThat(without).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("all")
    void every_list_text_and_mapping_of_a_spec_is_bounded(KubeObject crd) {
        List<String> endless = new ArrayList<>();
        Map<String, Object> properties = map(schema(crd).get("properties"));
        look(
                "spec",
                map(properties.get("spec")),
                (path, schema) -> {
                    boolean bounded =
                            switch (String.valueOf(schema.get("type"))) {
                                case "string" ->
                                        schema.containsKey("maxLength")
                                                || schema.containsKey("enum");
                                case "array" -> schema.containsKey("maxItems");
                                case "object" ->
                                        !schema.containsKey("additionalProperties")
                                                || schema.containsKey("maxProperties");
                                default -> true;
                            };
                    if (!bounded) {
                        endless.add(path);
                    }
                });

        assertThat(endless).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("all")
    void a_server_takes_their_size(KubeObject crd) {
        assertThat(YamlWriter.write(crd.fields()).length()).isLessThan(MOST_BYTES);
    }

    @ParameterizedTest
    @MethodSource("all")
    void every_rule_says_what_is_expected(KubeObject crd) {
        look(
                "",
                schema(crd),
                (path, schema) -> {
                    if (schema.get("x-kubernetes-validations") instanceof List<?> rules) {
                        rules.forEach(rule ->
                                assertThat(String.valueOf(map(rule).get("message")))
                                        .as(path)
                                        .contains("(expected: ")
                                        .doesNotContain("\n"));
                    }
                });
    }

    /// Go's regular expressions, which a schema's and CEL's are, repeat nothing more than 1,000
    /// times, repeats within repeats multiplied; and a definition with a rule that does not compile
    /// is refused.
    @ParameterizedTest
    @MethodSource("all")
    void every_pattern_repeats_as_often_as_a_server_takes(KubeObject crd) {
        look(
                "",
                schema(crd),
                (path, schema) -> {
                    List<String> patterns = new ArrayList<>();
                    if (schema.get("pattern") instanceof String pattern) {
                        patterns.add(pattern);
                    }
                    if (schema.get("x-kubernetes-validations") instanceof List<?> rules) {
                        rules.stream()
                                .flatMap(rule ->
                                        PATTERN.matcher(String.valueOf(map(rule).get("rule")))
                                                .results())
                                .forEach(found -> patterns.add(found.group(1)));
                    }
                    for (String pattern : patterns) {
                        assertThat(repeats(pattern))
                                .as("%s: %s", path, pattern)
                                .isLessThanOrEqualTo(1000);
                    }
                });
    }

    /// What may be of several types is hidden from CEL, and so is a list or a mapping of it: a rule
    /// that names it does not compile.
    @ParameterizedTest
    @MethodSource("all")
    void no_rule_asks_for_what_may_be_of_several_types(KubeObject crd) {
        List<String> hidden = new ArrayList<>();
        look(
                "",
                schema(crd),
                (path, schema) -> {
                    if (schema.get("x-kubernetes-validations") instanceof List<?> rules) {
                        for (Object rule : rules) {
                            NAMED.matcher(String.valueOf(map(rule).get("rule")))
                                    .results()
                                    .map(found -> found.group(1).substring(1))
                                    .filter(named -> isHidden(schema, named))
                                    .forEach(named -> hidden.add(path + ": " + named));
                        }
                    }
                });

        assertThat(hidden).isEmpty();
    }

    private static boolean isHidden(Map<String, Object> schema, String named) {
        Map<String, Object> here = schema;
        for (String step : named.split("\\.")) {
            if (!(here.get("properties") instanceof Map<?, ?> properties)
                    || !(properties.get(step) instanceof Map<?, ?> next)) {
                // A function, or what every object has.
                return false;
            }
            here = map(next);
        }
        while (here.get("items") instanceof Map<?, ?> || here.get("additionalProperties") != null) {
            here = map(here.getOrDefault("items", here.get("additionalProperties")));
        }
        return !here.containsKey("type");
    }

    @Test
    void repeats_within_repeats_are_multiplied() {
        assertThat(repeats("^(?:(/[A-Z{}(]{1,100}){1,20})$")).isEqualTo(2000);
        assertThat(repeats("^(?:(/[A-Z\\]{3}]{1,100})+)$")).isEqualTo(100);
        assertThat(repeats("a{7}(b{2}|c{1,30}){3}")).isEqualTo(90);
    }

    /// The most that any part of a pattern is repeated.
    private static int repeats(String pattern) {
        Deque<Integer> open = new ArrayDeque<>(List.of(1));
        int last = 1;
        Matcher tokens = TOKEN.matcher(pattern);
        while (tokens.find()) {
            String token = tokens.group();
            if (token.equals("(")) {
                open.push(1);
                last = 1;
            } else if (token.equals(")")) {
                last = open.pop();
                open.push(Math.max(open.pop(), last));
            } else if (tokens.group(1) != null) {
                last *= Integer.parseInt(tokens.group(1));
                open.push(Math.max(open.pop(), last));
            } else {
                last = 1;
            }
        }
        return open.peek();
    }

    private interface Look {
        void at(String path, Map<String, Object> schema);
    }

    private static void look(String path, Map<String, Object> schema, Look look) {
        look.at(path, schema);
        if (schema.get("properties") instanceof Map<?, ?> properties) {
            properties.forEach((name, child) -> {
                if (!path.isEmpty() || !"metadata".equals(name)) {
                    look(path + "." + name, map(child), look);
                }
            });
        }
        if (schema.get("items") instanceof Map<?, ?> items) {
            look(path + "[]", map(items), look);
        }
        if (schema.get("additionalProperties") instanceof Map<?, ?> values) {
            look(path + "{}", map(values), look);
        }
    }

    static Map<String, Object> schema(KubeObject crd) {
        Map<String, Object> spec = map(crd.fields().get("spec"));
        Map<String, Object> version = map(((List<?>) spec.get("versions")).getFirst());
        return map(map(version.get("schema")).get("openAPIV3Schema"));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }
}
