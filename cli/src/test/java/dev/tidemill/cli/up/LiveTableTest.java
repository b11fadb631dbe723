package dev.tidemill.cli.up;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.cli.up.Status.AppStatus;
import dev.tidemill.cli.up.Status.DecisionStatus;
import dev.tidemill.cli.up.Status.ModelStatus;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class LiveTableTest {
    private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");

    @Test
    void a_row_a_model_and_the_newest_decisions_last() {
        Status status =
                new Status(
                        "ready",
                        "tidemill.yaml",
                        "http://127.0.0.1:8080",
                        1,
                        START,
                        List.of(),
                        List.of(model("digits", "digits", true), model("intents", "digits", false)),
                        List.of(
                                new DecisionStatus(
                                        START.plusSeconds(3),
                                        "digits",
                                        "2 -> 4 replicas: 31.2 requests in flight need 4 at 8 a replica")),
                        "",
                        "",
                        List.of(
                                new AppStatus(
                                        "portal",
                                        2,
                                        1,
                                        false,
                                        12.5,
                                        0.5,
                                        3.2,
                                        "0.5 are in flight")));
        assertThat(
                        String.join(
                                "\n",
                                LiveTable.render(
                                        status, START.plusSeconds(12), ZoneOffset.UTC, 100)))
                .isEqualTo(
                        """
                        tidemill  ready  http://127.0.0.1:8080  up 12.0 s

                        MODEL              VERSION  REPLICAS  READY REQUESTS/S  IN FLIGHT        P99
                        digits                   3     4 pin      2       8123       31.2     6.3 ms
                        intents                  3 in digits
                        portal                 app         2      1         13        0.5     3.2 ms

                        digits: 31.2 requests in flight need 4
                        portal: 0.5 are in flight

                        DECISIONS
                        03:04:08  digits: 2 -> 4 replicas: 31.2 requests in flight need 4 at 8 a replica\
                        """);
    }

    @Test
    void a_narrow_terminal_gets_cut_lines() {
        Status status =
                new Status(
                        "ready",
                        "f",
                        "http://x",
                        1,
                        START,
                        List.of(),
                        List.of(),
                        List.of(),
                        "",
                        "",
                        List.of());
        assertThat(LiveTable.render(status, START, ZoneOffset.UTC, 20))
                .allMatch(line -> line.length() <= 20)
                .first()
                .isEqualTo("tidemill  ready  ht…");
    }

    private static ModelStatus model(String name, String pool, boolean pinned) {
        return new ModelStatus(
                name,
                3,
                pool,
                4,
                2,
                pinned,
                8123.4,
                31.2,
                6.25,
                "31.2 requests in flight need 4",
                Map.of(),
                List.of());
    }
}
