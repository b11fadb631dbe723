package dev.tidemill.server.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.http.Metrics;
import dev.tidemill.runtimes.onnx.OnnxRuntime;
import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.server.engine.ComputeThreads;
import dev.tidemill.server.engine.InferenceCall;
import dev.tidemill.server.repository.RepositorySettings.ControlMode;
import dev.tidemill.testkit.Tensors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// The short form of `dev/soak-reload`: with ONNX Runtime, the memory of replaced versions returns.
final class ReloadMemoryTest {
    private static final int RELOADS = Integer.getInteger("tidemill.reloads", 50);
    private static final int NUMBERS = 2_000_000;
    private static final long WEIGHTS = NUMBERS * 4L;
    private static final HeavyModel MODEL = new HeavyModel(NUMBERS);

    @Test
    @EnabledOnOs(OS.LINUX)
    void the_memory_of_replaced_versions_returns(@TempDir Path root) throws IOException {
        Path file = Files.createDirectories(root.resolve("heavy/1")).resolve("model.onnx");
        Files.write(file, MODEL.with(0));
        try (ComputeThreads threads = new ComputeThreads(1);
                Metrics metrics = new Metrics();
                ModelRepository models = repository(root, threads, metrics)) {
            models.load();
            reload(models, file, 5);
            long before = resident();
            reload(models, file, RELOADS);
            long grown = resident() - before;
            System.out.printf(
                    "resident memory after %d reloads of %d MiB: %+d MiB%n",
                    RELOADS, WEIGHTS >> 20, grown >> 20);
            assertThat(grown).isLessThan(RELOADS * WEIGHTS / 4);
        }
    }

    private static void reload(ModelRepository models, Path file, int times) throws IOException {
        for (int i = 1; i <= times; i++) {
            Files.write(file, MODEL.with(i));
            models.load("heavy", Optional.empty(), Map.of());
            try (ModelLease lease = models.acquire("heavy")) {
                ByteBuffer index = ByteBuffer.allocateDirect(8).order(ByteOrder.LITTLE_ENDIAN);
                Tensor x = new Tensor.Numeric("x", DataType.INT64, new long[] {1}, index);
                Tensor y = lease.model().infer(InferenceCall.of(List.of(x), List.of())).getFirst();
                assertThat(Tensors.floatsOf(y)).containsExactly(i);
            }
        }
    }

    private static ModelRepository repository(Path root, ComputeThreads threads, Metrics metrics) {
        return new ModelRepository(
                List.of(),
                new RepositorySettings(
                        List.of(root),
                        ControlMode.EXPLICIT,
                        List.of("*"),
                        Duration.ofHours(1),
                        false,
                        Map.of()),
                new ModelLoader(
                        List.of(new OnnxRuntime()),
                        threads,
                        metrics,
                        new WarmUp(Duration.ofMillis(5), (_, _, _) -> {}, System::nanoTime),
                        System::nanoTime),
                1);
    }

    private static long resident() throws IOException {
        System.gc();
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) << 10;
            }
        }
        throw new IOException("/proc/self/status has no VmRSS");
    }
}
