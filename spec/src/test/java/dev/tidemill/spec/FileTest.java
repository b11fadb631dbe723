package dev.tidemill.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Files that are not what they should be before anybody reads a key.
final class FileTest {
    private static final String EMPTY =
            " (expected: at least one document with apiVersion, kind, metadata and spec)";

    @Test
    void says_that_a_file_is_empty() {
        assertThat(Yaml.problems("")).containsExactly("tidemill.yaml:1: file: 'empty'" + EMPTY);
        assertThat(Yaml.problems("\n \n"))
                .containsExactly("tidemill.yaml:1: file: 'empty'" + EMPTY);
        assertThat(Yaml.problems("# nothing\n---\n# at all\n"))
                .containsExactly("tidemill.yaml:1: file: 'no document'" + EMPTY);
    }

    @Test
    void says_how_large_a_file_is_and_stops() {
        assertThat(problems(new byte[10_000_000]))
                .containsExactly("tidemill.yaml:1: file: '9.5 MiB' (expected: at most 1.0 MiB)");
    }

    @Test
    void says_which_byte_is_not_utf_8() {
        byte[] latin = "# one\n# caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(problems(latin))
                .containsExactly(
                        "tidemill.yaml:2: file: 'byte 0xE9 at offset 11' (expected: UTF-8 text)");

        byte[] cut = new byte[] {'a', (byte) 0xe4, (byte) 0xbd};
        assertThat(problems(cut))
                .containsExactly(
                        "tidemill.yaml:1: file: 'byte 0xE4 at offset 1' (expected: UTF-8 text)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE"})
    void recognises_utf_16(String charset) {
        String text = charset.equals("UTF-16") ? Yaml.MODEL : "\uFEFF" + Yaml.MODEL;

        assertThat(problems(text.getBytes(Charset.forName(charset))))
                .singleElement()
                .asString()
                .endsWith("(expected: UTF-8 text; this looks like UTF-16)");
    }

    @Test
    void says_where_a_control_character_is() {
        assertThat(Yaml.problems("a: 1\nb: \u0000\n"))
                .containsExactly(
                        "tidemill.yaml:2: file: 'U+0000' (expected: text without control"
                                + " characters)");
    }

    @Test
    void refuses_endless_lines() {
        assertThat(Yaml.problems("# x\n" + " ".repeat(70_000)))
                .containsExactly(
                        "tidemill.yaml:2: file: 'a line of more than 65536 characters' (expected:"
                                + " shorter lines)");
    }

    @Test
    void takes_a_byte_order_mark_and_every_line_end() {
        String crlf = Yaml.quickstart().replace("\n", "\r\n");
        Resource last = Yaml.parse("\uFEFF" + crlf).orThrow().getLast();

        assertThat(last.place())
                .isEqualTo(Yaml.parse(Yaml.quickstart()).orThrow().getLast().place());
        assertThat(Yaml.problems(Yaml.quickstart().replace("\n", "\r"))).isEmpty();
    }

    @Test
    void takes_json() {
        String json =
                """
                {
                \t"apiVersion": "tidemill.dev/v1alpha1",
                \t"kind": "Model",
                \t"metadata": {"name": "digits", "description": "\\u00e9 \\ud83d\\ude00 \\/"},
                \t"spec": {"source": "digits", "scaling": {"min": 2}}
                }
                """;
        Model model = Yaml.only(json, Model.class);

        assertThat(model.scaling().min()).isEqualTo(2);
        assertThat(model.metadata().description()).isEqualTo("\u00e9 \ud83d\ude00 /");
        assertThat(Yaml.problems(json.replace("\"min\": 2", "\"min\": -2")))
                .singleElement()
                .asString()
                .startsWith("tidemill.yaml:5: Model/digits spec.scaling.min: '-2'");
    }

    @Test
    void says_where_a_text_is_not_yaml_and_keeps_what_came_before() {
        String yaml =
                Yaml.file(Yaml.MODEL.replace("source: digits", "source: [1]"), "a: [1\nb: 2\n");

        assertThat(Yaml.problems(yaml))
                .containsExactly(
                        "tidemill.yaml:5: Model/digits spec.source: '[...]' (expected: a registered"
                                + " model such as digits, digits@production or digits:3, a file"
                                + " such as ./digits.onnx, or an image such as"
                                + " oci://example.com/models/digits:3)",
                        "tidemill.yaml:8: YAML: 'b: 2' (expected: valid YAML; expected ',' or ']',"
                                + " but got :, while parsing a flow sequence from line 7)");
    }

    @Test
    void explains_the_usual_mistakes() {
        assertThat(Yaml.problems("a:\n\tb: 1\n"))
                .containsExactly(
                        "tidemill.yaml:2: YAML: 'b: 1' (expected: valid YAML; a tab cannot indent,"
                                + " spaces do)");
        assertThat(Yaml.problems("a: b: c\n"))
                .containsExactly(
                        "tidemill.yaml:1: YAML: 'a: b: c' (expected: valid YAML; a second ':' in one"
                                + " line needs quotes around the value, or the line is indented too"
                                + " far)");
        assertThat(Yaml.problems("a: @b\n"))
                .containsExactly(
                        "tidemill.yaml:1: YAML: 'a: @b' (expected: valid YAML; found character '@'"
                                + " that cannot start any token. Put it in quotes.)");
        assertThat(Yaml.problems("a: 'b\n"))
                .singleElement()
                .asString()
                .endsWith(
                        "found unexpected end of stream, while scanning a quoted scalar from line 1)");
        assertThat(Yaml.problems("a: \"\\UFFFFFFFF\"\n"))
                .containsExactly(
                        "tidemill.yaml:1: YAML: 'a: \"\\UFFFFFFFF\"' (expected: valid YAML 1.2)");
        assertThat(Yaml.problems("%YAML 2.0\n---\na: 1\n"))
                .singleElement()
                .asString()
                .endsWith("(expected: valid YAML 1.2)");
    }

    @Test
    void refuses_anchors_aliases_and_tags() {
        String yaml =
                Yaml.MODEL.replace("metadata: {", "metadata: &m {")
                        + "  scaling: {min: !!int 2, max: *m}\n";

        assertThat(Yaml.problems(yaml))
                .containsExactly(
                        "tidemill.yaml:3: YAML: '&m' (expected: no anchor; anchors are not"
                                + " supported)",
                        "tidemill.yaml:6: YAML: 'tag:yaml.org,2002:int' (expected: the value alone;"
                                + " tags are not supported)",
                        "tidemill.yaml:6: YAML: '*m' (expected: the value itself; aliases are not"
                                + " supported)");
        assertThat(Yaml.parse(yaml).resources()).isEmpty();
    }

    @Test
    void refuses_deep_nesting() {
        for (String deep :
                List.of("[".repeat(100_000 / 2), "{a: ".repeat(10_000), "- ".repeat(9_000))) {
            assertThat(Yaml.problems("a: 1\n---\n" + deep))
                    .contains(
                            "tidemill.yaml:3: YAML: 'more than 32 levels' (expected: less nesting)");
        }
    }

    private static List<String> problems(byte[] content) {
        return SpecParser.parse(Yaml.FILE, content).problems().stream()
                .map(Object::toString)
                .toList();
    }
}
