package dev.tidemill.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.spec.yaml.Key;
import dev.tidemill.spec.yaml.ReferenceRow;
import dev.tidemill.spec.yaml.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// `docs/spec.md` is made of the same keys that the parser reads by.
final class SpecReferenceTest {
    private static final Path REFERENCE = Yaml.root().resolve("docs/spec.md");

    @Test
    void the_reference_says_what_the_parser_reads() throws IOException {
        String made = reference();
        if (Boolean.getBoolean("tidemill.update")) {
            Files.createDirectories(REFERENCE.getParent());
            Files.writeString(REFERENCE, made);
        }

        assertThat(Files.exists(REFERENCE) ? Files.readString(REFERENCE) : "")
                .as("docs/spec.md; make it anew with ./mvnw -pl spec test -Dtidemill.update=true")
                .isEqualTo(made);
    }

    @Test
    void every_key_has_a_meaning() {
        for (Kind kind : Kind.values()) {
            for (ReferenceRow row : EnvelopeKeys.envelope(kind.spec()).rows("")) {
                assertThat(row.meaning()).as(row.path()).endsWith(".");
                assertThat(row.type()).as(row.path()).isNotBlank();
            }
        }
    }

    @Test
    void every_key_is_read() {
        for (Kind kind : Kind.values()) {
            for (ReferenceRow row : EnvelopeKeys.envelope(kind.spec()).rows("")) {
                boolean needsTrainer = row.path().equals("spec.parameters");
                assertRead(kind, row.path(), needsTrainer ? "trainer: svm, " : "");
            }
        }
        for (Trainer trainer : Trainer.values()) {
            for (ReferenceRow row : TrainingKeys.parameterShape(trainer).rows("spec.parameters")) {
                assertRead(Kind.TRAINING, row.path(), "trainer: " + word(trainer) + ", ");
            }
        }
    }

    /// A key that nobody reads could hold anything.
    private static void assertRead(Kind kind, String path, String first) {
        String nested = "[[x]]";
        for (String word : List.of(path.split("\\.")).reversed()) {
            nested =
                    word.endsWith("[]")
                            ? "{%s: [%s]}".formatted(word.substring(0, word.length() - 2), nested)
                            : "{%s: %s}".formatted(word, nested);
        }
        String inner =
                nested.substring(1, nested.length() - 1).replace("spec: {", "spec: {" + first);
        String kindKey = path.equals("kind") ? "" : "kind: %s, ".formatted(kind.text());

        assertThat(Yaml.problems("{" + kindKey + inner + "}"))
                .as(path)
                .anyMatch(problem ->
                        problem.contains(" " + path.replace("[]", "[0]"))
                                && problem.contains("'[...]'"));
    }

    private static String reference() {
        StringBuilder text = new StringBuilder();
        text.append(
                """
                # The resource file

                A file holds YAML documents, separated by `---`. Every document has the keys `apiVersion`,
                `kind`, `metadata` and `spec`. A key that is not listed here is an error that names the
                nearest one, and all problems of a file are reported at once, each as
                `FILE:LINE: KIND/NAME path: 'value' (expected: ...)`. Numbers are written without quotes;
                `on`, `off`, `yes` and `no` are text. Anchors, aliases and tags are refused. A file is
                UTF-8, at most 1 MiB; JSON is accepted too.

                This page is made from the parser's own keys by `SpecReferenceTest`: do not edit it, run
                `./mvnw -pl spec test -Dtidemill.update=true`.

                ## Every document

                """);
        table(text, EnvelopeKeys.envelope(Shape.of()).rows(""));
        for (Kind kind : Kind.values()) {
            text.append("\n## %s\n\n".formatted(kind.text()));
            table(text, kind.spec().rows("spec"));
            if (kind == Kind.TRAINING) {
                for (Trainer trainer : Trainer.values()) {
                    if (TrainingKeys.parametersOf(trainer).isEmpty()) {
                        continue;
                    }
                    text.append("\nParameters of `%s`:\n\n".formatted(word(trainer)));
                    table(text, TrainingKeys.parameterShape(trainer).rows("spec.parameters"));
                }
            }
        }
        return text.toString();
    }

    private static String word(Trainer trainer) {
        Key.Value<Trainer> key = TrainingKeys.TRAINER;
        return key.type().expected().split(", | or ")[trainer.ordinal()];
    }

    private static void table(StringBuilder text, List<ReferenceRow> rows) {
        text.append("| key | value | when not given | meaning |\n|---|---|---|---|\n");
        for (ReferenceRow row : rows) {
            text.append(
                    "| `%s` | %s | %s | %s |\n"
                            .formatted(row.path(), row.type(), row.absent(), row.meaning()));
        }
    }
}
