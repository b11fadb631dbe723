package dev.tidemill.cli.render;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ClusterFileTest {
    @TempDir Path folder;

    @Test
    void a_program_of_one_s_own_is_the_operator_s_to_run() throws IOException {
        Path file =
                Files.writeString(
                        folder.resolve("tidemill.yaml"),
                        """
                        apiVersion: tidemill.dev/v1alpha1
                        kind: Training
                        metadata: {name: faces}
                        spec:
                          trainer: program
                          dataset: {path: faces}
                          registers: {model: faces}
                          job: {volume: {claimName: sets}, image: example.com/faces:3}
                        """);

        assertThatThrownBy(() -> new ClusterFile(file, "0.1.0").trainings(Optional.empty()))
                .hasMessageContaining("Training/faces spec.trainer: 'program'")
                .hasMessageContaining("kubectl apply the Training");
    }
}
