package dev.tidemill.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class RehearseCommandTest {
    private static final String QUICKSTART =
            Path.of("..", "examples", "quickstart", "tidemill.yaml").toString();
    private static final List<String> SLOW =
            List.of("--slots", "4", "--slot-time", "8s", "--start-up", "3m", "--limit", "2s");

    @TempDir Path folder;

    private String out = "";
    private String err = "";

    @Test
    void a_file_is_rehearsed_with_what_it_says_itself() {
        int exit =
                run(
                        "rehearse",
                        "-f",
                        QUICKSTART,
                        "--tide",
                        "bell",
                        "--days",
                        "2",
                        "--per-minute",
                        "3000");
        assertThat(err).isEmpty();
        assertThat(exit).isZero();
        assertThat(out)
                .contains("Rehearsal of Model/digits under tide bell")
                .contains("A replica: 4 at once")
                .contains("note: slots, times and bounds are the file's")
                .containsPattern("file +[0-9.]+ %")
                .contains("oracle", "static peak");
    }

    @Test
    void any_policy_that_the_file_describes_can_be_played() {
        assertThat(
                        run(
                                "rehearse",
                                "-f",
                                QUICKSTART,
                                "--tide",
                                "day",
                                "--days",
                                "1",
                                "--per-minute",
                                "3000",
                                "--compare",
                                "file:hpa,file:kpa,file:objective"))
                .isZero();
        assertThat(out).contains("file:hpa ", "file:kpa ", "file:objective ");
    }

    @Test
    void a_trace_with_tokens_is_played_token_by_token() throws IOException {
        StringBuilder rows = new StringBuilder("TIMESTAMP,ContextTokens,GeneratedTokens\n");
        for (int i = 0; i < 3000; i++) {
            rows.append(
                    "2023-11-16 18:%02d:%02d.%03d,%d,%d%n"
                            .formatted(
                                    i / 600,
                                    i / 10 % 60,
                                    i % 10 * 100,
                                    500 + i % 900,
                                    20 + i % 150));
        }
        Path trace = Files.writeString(folder.resolve("azure.csv"), rows);
        assertThat(
                        run(
                                "rehearse",
                                "--trace",
                                trace.toString(),
                                "--compare",
                                "keda",
                                "--stress",
                                "--per-node",
                                "1"))
                .isZero();
        assertThat(out)
                .contains(
                        "tokens as they come",
                        "objective=1: first token",
                        "between tokens",
                        "node-hours")
                .contains("starting takes twice as long")
                .doesNotContain("three times the demand");
    }

    @Test
    void a_tide_can_be_played_by_slots_with_times_as_spread_as_is_said() {
        String[] constant = {"--engine", "slots", "--slot-spread", "constant", "--look", "5s"};
        assertThat(run(slow(add(constant, "--tide", "mixed", "--days", "1")))).isZero();
        assertThat(out).contains("note: played by slots", "slot times constant", "a look every 5s");
        assertThat(
                        run(
                                slow(
                                        "--tide",
                                        "mixed",
                                        "--days",
                                        "1",
                                        "--engine",
                                        "slots",
                                        "--slot-spread",
                                        "no")))
                .isNotZero();
        assertThat(err).contains("--slot-spread: 'no'");
        assertThat(run(slow("--tide", "mixed", "--engine", "slots", "--slot-spread", "measured")))
                .isNotZero();
        assertThat(err).contains("a trace whose requests say how many millis they took");
        assertThat(run(slow("--tide", "mixed", "--engine", "slots", "--look", "2m"))).isNotZero();
        assertThat(err).contains("--look: '2m'");
    }

    private static String[] add(String[] first, String... more) {
        List<String> all = new ArrayList<>(List.of(first));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    @Test
    void a_tide_can_be_played_request_by_request() {
        assertThat(run(slow("--tide", "mixed", "--days", "1", "--engine", "requests"))).isZero();
        assertThat(out).contains("0 refused");
        assertThat(
                        run(
                                "rehearse",
                                "--tide",
                                "flat",
                                "--days",
                                "1",
                                "--per-minute",
                                "20",
                                "--tokens",
                                "azure"))
                .isZero();
        assertThat(out).contains("tokens as they come");
    }

    @Test
    void the_same_seed_writes_the_same_json_page_and_decisions() throws IOException {
        List<byte[]> written = new ArrayList<>();
        for (String round : new String[] {"a", "b"}) {
            Path json = folder.resolve(round + ".json");
            Path html = folder.resolve(round + ".html");
            Path decisions = folder.resolve(round + ".jsonl");
            assertThat(
                            run(
                                    slow(
                                            "--tide",
                                            "mixed",
                                            "--days",
                                            "3",
                                            "--compare",
                                            "hpa,hpa=50",
                                            "--frontier",
                                            "--stress",
                                            "--price",
                                            "2.5",
                                            "--json",
                                            json.toString(),
                                            "--html",
                                            html.toString(),
                                            "--decisions",
                                            decisions.toString())))
                    .isZero();
            written.add(Files.readAllBytes(json));
            written.add(Files.readAllBytes(html));
            written.add(Files.readAllBytes(decisions));
        }
        for (int i = 0; i < 3; i++) {
            assertThat(written.get(i)).isNotEmpty().isEqualTo(written.get(i + 3));
        }
        JsonNode json = new JsonMapper().readTree(written.getFirst());
        assertThat(json.path("schema").asString()).isEqualTo("tidemill.dev/rehearsal/v1");
        assertThat(json.path("policies").size()).isEqualTo(3);
        JsonNode ours = json.path("policies").get(0);
        assertThat(ours.path("lateShare").asDouble()).isBetween(0.0001, 0.02);
        assertThat(ours.path("cost").asDouble())
                .isEqualTo(ours.path("replicaHours").asDouble() * 2.5);
        assertThat(json.path("recommended").path("reason").asString()).contains("cheapest");
        String first =
                new String(written.get(2), StandardCharsets.UTF_8).lines().findFirst().orElse("");
        assertThat(new JsonMapper().readTree(first).path("reason").asString())
                .contains("requests/s now");
    }

    @Test
    void json_goes_to_standard_output_alone_when_asked() {
        assertThat(run("rehearse", "--tide", "flat", "--days", "1", "--json", "-")).isZero();
        assertThat(new JsonMapper().readTree(out).path("policies").size()).isEqualTo(1);
    }

    @Test
    void a_check_fails_with_3_when_the_promise_is_not_kept() {
        assertThat(run(slow("--tide", "mixed", "--days", "2", "--policy", "kpa"))).isZero();
        assertThat(run(slow("--tide", "mixed", "--days", "2", "--policy", "kpa", "--check")))
                .isEqualTo(3);
        assertThat(run(slow("--tide", "mixed", "--days", "2", "--policy", "static", "--check")))
                .isZero();
    }

    @Test
    void a_bad_trace_is_refused_with_its_name_and_line_and_a_hole_is_said() throws IOException {
        Path bad =
                Files.writeString(
                        folder.resolve("bad.csv"),
                        "minute,count\n2026-01-01 00:00,1\n2026-01-01 00:01,-4\n");
        assertThat(run("rehearse", "--trace", bad.toString())).isEqualTo(1);
        assertThat(err).contains("bad.csv: trace line 3: '2026-01-01 00:01,-4'");
        Path hole =
                Files.writeString(
                        folder.resolve("hole.csv"),
                        "2026-01-01 00:00,100\n2026-01-01 00:01,100\n2026-01-01 00:05,100\n");
        assertThat(run("rehearse", "--trace", hole.toString())).isZero();
        assertThat(out).contains("note: 3 minutes are missing");
    }

    @Test
    void options_that_cannot_be_are_refused_by_their_names() {
        assertThat(refusal("rehearse")).contains("either --trace FILE or --tide NAME");
        assertThat(refusal("rehearse", "--tide", "spring")).contains("--tide: 'spring'", "mixed");
        assertThat(refusal("rehearse", "--tide", "flat", "--policy", "magic"))
                .contains("--policy: 'magic'");
        assertThat(refusal("rehearse", "--tide", "flat", "--policy", "file")).contains("-f FILE");
        assertThat(refusal("rehearse", "--tide", "flat", "--compare", "hpa=x"))
                .contains("hpa=NUMBER");
        assertThat(refusal("rehearse", "--tide", "flat", "--late", "2")).contains("--late: '2'");
        assertThat(refusal("rehearse", "--tide", "flat", "--slot-time", "fast"))
                .contains("--slot-time");
        assertThat(refusal("rehearse", "--tide", "flat", "--zone", "Mars"))
                .contains("--zone: 'Mars'");
        assertThat(refusal("rehearse", "--tide", "flat", "--min", "5", "--max", "2"))
                .contains("--max: '2'");
        assertThat(
                        refusal(
                                "rehearse",
                                "-f",
                                QUICKSTART,
                                "--tide",
                                "flat",
                                "--policy",
                                "file:magic"))
                .contains("file: and one of concurrency, hpa");
        assertThat(refusal("rehearse", "-f", QUICKSTART, "--model", "nope", "--tide", "flat"))
                .contains("--model: 'nope' (expected: one of digits)");
    }

    private String refusal(String... arguments) {
        assertThat(run(arguments)).as(String.join(" ", arguments)).isEqualTo(1);
        return err;
    }

    private static String[] slow(String... more) {
        List<String> all = new ArrayList<>();
        all.add("rehearse");
        all.addAll(SLOW);
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    private int run(String... arguments) {
        ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
        ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
        int exit =
                Root.commandLine(
                                new PrintStream(outBytes, true, StandardCharsets.UTF_8),
                                new PrintStream(errBytes, true, StandardCharsets.UTF_8),
                                InstantSource.system())
                        .execute(arguments);
        out = outBytes.toString(StandardCharsets.UTF_8);
        err = errBytes.toString(StandardCharsets.UTF_8);
        return exit;
    }
}
