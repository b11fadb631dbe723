package dev.tidemill.scaling.hpa;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Runs a file of cases: `./mvnw -pl scaling test -Dtest=HpaCasesTest -Dhpa.cases=FILE`, or ours
/// without the property. The last line printed is `N passed, N failed`, always; `./mvnw` prints it
/// once more after Maven's own last words (from `target/hpa-cases.txt`).
final class HpaCasesTest {
    private static final String OURS = "/hpa/cases.json";

    @Test
    void every_case_comes_out_as_expected() throws IOException {
        PrintStream out = System.out;
        List<String> failures = new ArrayList<>();
        int passed = 0;
        try {
            for (JsonNode each : cases()) {
                List<String> mismatches = HpaCaseCheck.mismatches(each);
                if (mismatches.isEmpty()) {
                    passed++;
                } else {
                    String name = new HpaCase(each).name();
                    failures.add("%s: %s".formatted(name, String.join("; ", mismatches)));
                }
            }
            if (passed + failures.size() == 0) {
                failures.add("no cases (expected: at least one under 'cases')");
            }
        } catch (IOException | RuntimeException e) {
            failures.add("unreadable: " + e);
        }
        failures.forEach(failure -> out.println("FAILED " + failure));
        String summary = "%d passed, %d failed".formatted(passed, failures.size());
        keep(summary);
        out.println(summary);
        out.flush();
        assertThat(failures).isEmpty();
    }

    @Test
    void a_wrong_expectation_a_missing_field_and_an_unknown_one_are_failures() throws IOException {
        String good =
                """
                {"name": "x", "kind": "scaleUpLimit", "spec": {"currentReplicas": 3, "rules":
                  {"policies": [{"type": "Pods", "value": 2, "periodSeconds": 60}]}},
                 "expectedReplicas": 5}\
                """;
        assertThat(mismatches(good)).isEmpty();
        assertThat(mismatches(good.replace(": 5}", ": 6}")))
                .containsExactly("expectedReplicas: 5 (expected: 6)");
        assertThat(mismatches(good.replace("currentReplicas", "replicas")))
                .singleElement()
                .asString()
                .startsWith("malformed:");
        assertThat(mismatches(good.replace(": 5}", ": 5, \"expectedMood\": 1}")))
                .containsExactly("expectedMood: not understood");
        assertThat(mismatches("{}")).singleElement().asString().startsWith("malformed:");
    }

    private static List<String> mismatches(String json) {
        return HpaCaseCheck.mismatches(JsonMapper.shared().readTree(json));
    }

    private static List<JsonNode> cases() throws IOException {
        String file = System.getProperty("hpa.cases", "");
        JsonNode root;
        try (InputStream in = file.isEmpty() ? ours() : Files.newInputStream(found(file))) {
            root = JsonMapper.shared().readTree(in.readAllBytes());
        } catch (JacksonException e) {
            throw new IOException("not JSON: " + e.getOriginalMessage(), e);
        }
        JsonNode list = root.isArray() ? root : root.path("cases");
        List<JsonNode> cases = new ArrayList<>();
        list.forEach(cases::add);
        return cases;
    }

    /// A relative name is meant from where Maven was started; the test runs in its module.
    private static Path found(String file) {
        return Stream.of(Path.of(file), Path.of("..").resolve(file))
                .filter(Files::isReadable)
                .findFirst()
                .orElse(Path.of(file));
    }

    private static InputStream ours() {
        return Objects.requireNonNull(HpaCasesTest.class.getResourceAsStream(OURS), OURS);
    }

    private static void keep(String summary) {
        try {
            Files.createDirectories(Path.of("target"));
            Files.writeString(
                    Path.of("target", "hpa-cases.txt"), summary + "\n", StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
