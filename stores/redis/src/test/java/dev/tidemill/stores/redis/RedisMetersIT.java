package dev.tidemill.stores.redis;

import dev.tidemill.limits.SharedMeters;
import dev.tidemill.testkit.RealRedis;
import dev.tidemill.testkit.SharedMetersContract;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

final class RedisMetersIT extends SharedMetersContract {
    @TempDir private static Path folder = Path.of("");
    private static RealRedis redis;
    private final AtomicInteger spaces = new AtomicInteger();

    @BeforeAll
    static void start() throws IOException {
        redis = RealRedis.start(folder, "--requirepass", "secret");
    }

    @AfterAll
    static void stop() {
        if (redis != null) {
            redis.close();
        }
    }

    @BeforeEach
    void another() {
        spaces.incrementAndGet();
    }

    @Override
    protected SharedMeters meters() {
        return new RedisMeters(
                new RedisAddress(
                        redis.url(),
                        Optional.empty(),
                        Optional.of("secret"),
                        Duration.ofSeconds(10)),
                "contract-" + System.identityHashCode(this) + "-" + spaces.get());
    }
}
