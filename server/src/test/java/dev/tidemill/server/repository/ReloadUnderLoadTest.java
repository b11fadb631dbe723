package dev.tidemill.server.repository;

import static dev.tidemill.server.repository.Shelf.answer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemill.common.TidemillException;
import dev.tidemill.server.repository.RepositorySettings.ControlMode;
import dev.tidemill.testkit.CapturedLog;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Random loads, unloads and failing reloads by several clients while others ask for predictions.
final class ReloadUnderLoadTest {
    private static final int CHANGES = 400;
    private static final int CHANGERS = 3;
    private static final int ASKERS = 4;

    private final long seed = Long.getLong("tidemill.seed", 20_261_121);
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicLong answers = new AtomicLong();

    /// How often the model that is never unloaded was switched.
    private final AtomicLong switches = new AtomicLong();

    @Test
    void no_request_is_lost_or_mixed_and_every_version_is_freed_once(@TempDir Path root)
            throws InterruptedException {
        Shelf shelf = new Shelf(root);
        shelf.put("stays/1/model.onnx", "1").put("comes-and-goes/1/model.onnx", "1");
        try (CapturedLog _ = CapturedLog.of(ModelRepository.class.getName());
                CapturedLog _ = CapturedLog.of(ModelLoader.class.getName());
                ModelRepository models = shelf.serve(ControlMode.EXPLICIT, "*")) {
            try (ExecutorService threads =
                    Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
                for (int i = 0; i < ASKERS; i++) {
                    threads.execute(() -> ask(models));
                }
                try (ExecutorService changers = Executors.newVirtualThreadPerTaskExecutor()) {
                    for (int i = 0; i < CHANGERS; i++) {
                        SplittableRandom random = new SplittableRandom(seed + i);
                        changers.execute(() -> change(shelf, models, random));
                    }
                }
                over.set(true);
            }
        }
        assertThat(wrong).as("seed %d", seed).isEmpty();
        assertThat(shelf.runtime.crimes).as("seed %d", seed).isEmpty();
        assertThat(shelf.runtime.open).as("seed %d", seed).hasValue(0);
        assertThat(answers.get()).isGreaterThan(CHANGES);
        assertThat(switches.get()).isGreaterThan(10);
        shelf.close();
    }

    private void change(Shelf shelf, ModelRepository models, SplittableRandom random) {
        for (int i = 0; i < CHANGES / CHANGERS; i++) {
            boolean stays = random.nextBoolean();
            String name = stays ? "stays" : "comes-and-goes";
            String version = Integer.toString(random.nextInt(1, 4));
            try {
                switch (random.nextInt(stays ? 3 : 5)) {
                    case 0 -> {
                        int value = random.nextInt(1, 1_000_000);
                        models.load(
                                name,
                                Optional.of("{}"),
                                Map.of("file:" + version + "/model.onnx", bytes("" + value)));
                        switches.addAndGet(stays ? 1 : 0);
                    }
                    case 1 -> {
                        shelf.put(name + "/1/model.onnx", "" + random.nextInt(1, 1_000_000));
                        models.load(name, Optional.empty(), Map.of());
                        switches.addAndGet(stays ? 1 : 0);
                    }
                    case 2 ->
                            models.load(
                                    name,
                                    Optional.of("{}"),
                                    Map.of("file:" + version + "/model.onnx", bytes("broken")));
                    default -> models.unload(name, false);
                }
            } catch (TidemillException _) {
                // Broken files, and files that another client was writing at the time.
            }
        }
    }

    private void ask(ModelRepository models) {
        while (!over.get()) {
            ask(models, "stays", true);
            ask(models, "comes-and-goes", false);
        }
    }

    private void ask(ModelRepository models, String name, boolean always) {
        try (ModelLease lease = models.acquire(name)) {
            float first = answer(lease);
            Thread.yield();
            float second = answer(lease);
            if (first != second) {
                wrong.add("%s: mixed: %f and %f".formatted(name, first, second));
            }
            answers.incrementAndGet();
        } catch (TidemillException e) {
            if (always) {
                wrong.add("%s: lost: %s".formatted(name, e.getMessage()));
            }
        } catch (RuntimeException e) {
            wrong.add("%s: %s".formatted(name, e));
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }
}
