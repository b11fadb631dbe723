package dev.tidemill.cli.up;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.spec.Resource;
import dev.tidemill.spec.SpecParser;
import dev.tidemill.spec.Training;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TrainingsTest {
    @Test
    void trainings_run_in_file_order_except_that_after_comes_first() {
        List<Training> trainings =
                parse(training("a", "[c]"), training("b", "[]"), training("c", "[b]"));
        assertThat(Trainings.ordered(trainings).stream().map(Resource::name))
                .containsExactly("b", "c", "a");
    }

    private static List<Training> parse(String... documents) {
        byte[] file = String.join("---\n", documents).getBytes(StandardCharsets.UTF_8);
        return SpecParser.parse("test.yaml", file).orThrow().stream()
                .map(Training.class::cast)
                .toList();
    }

    private static String training(String name, String after) {
        return """
        apiVersion: tidemill.dev/v1alpha1
        kind: Training
        metadata: {name: %1$s}
        spec:
          trainer: logistic
          dataset: {path: data.csv, label: label}
          evaluation: {holdout: 0.2}
          registers: {model: %1$s}
          after: %2$s
        """
                .formatted(name, after);
    }
}
