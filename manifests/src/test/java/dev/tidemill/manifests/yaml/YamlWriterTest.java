package dev.tidemill.manifests.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

final class YamlWriterTest {
    private static final long SEED = 20_261_121;
    private static final String LETTERS = "ab1 -:#{}[],&*!|>'\"%@`\n\\/=.~é\t0x_";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "on",
                "Off",
                "yes",
                "NO",
                "y",
                "n",
                "true",
                "null",
                "~",
                "",
                " ",
                "1",
                "012",
                "0x1f",
                "1e3",
                ".5",
                "1_000",
                "12:30",
                "2026-01-01",
                "-",
                "- a",
                "a: b",
                "a:",
                "a #b",
                "#b",
                "{a}",
                "[a]",
                "*a",
                "&a",
                "!a",
                "@a",
                "25%",
                "500m",
                "8080",
                "=",
                "<<",
                "a\tb"
            })
    void quotes_what_some_version_of_yaml_takes_for_something_else(String text) {
        assertThat(YamlWriter.write(Map.of("key", text))).startsWith("key: \"").endsWith("\"\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "digits",
                "app.kubernetes.io/name",
                "http://control:8080",
                "--host=0.0.0.0",
                "-Xmx1g",
                "example.com/tidemill:1.2.3",
                "/tmp"
            })
    void leaves_plain_what_nobody_mistakes(String text) {
        assertThat(YamlWriter.write(Map.of("key", text))).isEqualTo("key: " + text + "\n");
    }

    @Test
    void writes_lines_as_a_block_and_lists_below_their_key() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("data", Map.of("a.json", "{\n  \"b\" : 1\n}\n"));
        tree.put("list", List.of(Map.of("name", "x"), 2, true));
        tree.put("empty", Map.of());

        assertThat(YamlWriter.write(tree))
                .isEqualTo(
                        """
                        data:
                          a.json: |
                            {
                              "b" : 1
                            }
                        list:
                        - name: x
                        - 2
                        - true
                        empty: {}
                        """);
    }

    @Test
    void any_tree_is_read_back_as_it_was() {
        Random random = new Random(SEED);
        for (int round = 0; round < 2000; round++) {
            Map<String, Object> tree = mapping(random, 3);
            String yaml = YamlWriter.write(tree);

            assertThat(new Load(LoadSettings.builder().build()).loadFromString(yaml))
                    .as("seed %d, round %d:%n%s", SEED, round, yaml)
                    .isEqualTo(tree);
        }
    }

    private static Map<String, Object> mapping(Random random, int depth) {
        Map<String, Object> map = new LinkedHashMap<>();
        int size = 1 + random.nextInt(3);
        for (int i = 0; i < size; i++) {
            map.put(text(random), value(random, depth));
        }
        return map;
    }

    private static Object value(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 6 : 4)) {
            case 0 -> random.nextInt(1000);
            case 1 -> random.nextBoolean();
            case 2, 3 -> text(random);
            case 4 -> mapping(random, depth - 1);
            default -> {
                List<Object> list = new ArrayList<>();
                for (int i = random.nextInt(3); i > 0; i--) {
                    list.add(value(random, depth - 1));
                }
                yield list;
            }
        };
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(8); i > 0; i--) {
            text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return text.toString();
    }
}
