package dev.tidemill.cli.importing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PipFailureTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ERROR: [Errno 28] No space left on device | the disk is full",
                "WARNING: Retrying: NewConnectionError('x') | cannot be reached",
                "ERROR: Max retries exceeded with url | cannot be reached",
                "ERROR: ResolutionImpossible | do not go together",
                "ERROR: Failed building wheel for scipy | no wheel for this machine",
                "ERROR: No matching distribution found for torch==2 | no such version for this Python: No matching distribution found for torch==2"
            })
    void the_cause_is_said_in_words(String line, String words) {
        assertThat(PipFailure.message(List.of("Collecting x", line), "import.log"))
                .contains(words)
                .contains("log: import.log");
    }

    @Test
    void no_network_says_how_to_do_without() {
        assertThat(PipFailure.message(List.of("ERROR: ConnectionError"), "l")).contains("--venv");
    }

    @Test
    void an_unknown_failure_shows_the_last_errors() {
        assertThat(PipFailure.message(List.of("fine", "ERROR: odd", "ERROR: very odd"), "l"))
                .contains("pip failed: ERROR: odd | ERROR: very odd");
    }

    @Test
    void credentials_of_an_index_are_not_shown() {
        assertThat(
                        PipFailure.message(
                                List.of(
                                        "ERROR: odd answer of https://me:secret@packages.example/x"),
                                "l"))
                .doesNotContain("secret")
                .contains("https://***@packages.example/x");
    }
}
