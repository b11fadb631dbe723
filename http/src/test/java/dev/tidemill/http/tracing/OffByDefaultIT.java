package dev.tidemill.http.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.testkit.FakeCollector;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What traces cost a process that nobody asked for them, looked at from outside: a JVM that writes
/// down every class that it loads.
final class OffByDefaultIT {
    private static final String SDK = "io.opentelemetry.";
    private static final String THREAD = "thread traces";

    @TempDir Path folder;

    @Test
    void a_process_loads_no_class_of_the_sdk_and_starts_no_thread_for_it() throws Exception {
        Ran ran = run(Map.of());
        assertThat(ran.said()).contains("HTTP/1.1 200 OK").doesNotContain(THREAD);
        assertThat(ran.loaded())
                .anyMatch(line -> line.contains("dev.tidemill.http.tracing.NoSpan"))
                .noneMatch(line -> line.contains(SDK))
                .noneMatch(line -> line.contains("dev.tidemill.http.tracing.Live"));
    }

    @Test
    void one_that_is_asked_for_traces_loads_it() throws Exception {
        try (FakeCollector collector = FakeCollector.start()) {
            Ran ran = run(collector.environment());
            assertThat(ran.said()).contains("HTTP/1.1 200 OK").contains(THREAD);
            assertThat(ran.loaded()).anyMatch(line -> line.contains(SDK));
            assertThat(collector.spans())
                    .extracting(FakeCollector.Received::name)
                    .containsExactlyInAnyOrder("inner", "GET /thing");
        }
    }

    private record Ran(List<String> said, List<String> loaded) {}

    private Ran run(Map<String, String> environment) throws IOException, InterruptedException {
        Path classes = folder.resolve("classes");
        Path output = folder.resolve("output");
        ProcessBuilder builder =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xlog:class+load:file=" + classes,
                        "-cp",
                        System.getProperty("java.class.path"),
                        TracedProgram.class.getName());
        builder.environment().keySet().removeIf(name -> name.startsWith("OTEL_"));
        builder.environment().putAll(environment);
        Process process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        List<String> said = Files.readAllLines(output, StandardCharsets.UTF_8);
        assertThat(process.exitValue()).as(said.toString()).isZero();
        return new Ran(said, Files.readAllLines(classes, StandardCharsets.UTF_8));
    }
}
