package dev.tidemill.grpc;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.http.Readiness;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The answers of `grpc.health.v1`: every service is as ready as the process. Thread-safe.
public final class Health {
    /// How late a watcher may hear of a change.
    private static final Duration LOOK = Duration.ofMillis(100);

    private final List<String> services;
    private final Readiness readiness;
    private volatile boolean over;

    /// @param services their names; the empty one stands for all
    public Health(List<String> services, Readiness readiness) {
        this.services = List.copyOf(services);
        this.readiness = readiness;
    }

    /// Ends the watchers' calls, which would go on for ever.
    public void end() {
        over = true;
    }

    /// @throws TidemillException `NOT_FOUND` for a service that is not here
    public HealthCheckResponse check(HealthCheckRequest request) {
        if (!knows(request)) {
            throw new TidemillException(
                    ErrorCode.NOT_FOUND,
                    "service: '%s' (expected: one of %s, or nothing)"
                            .formatted(request.getService(), services));
        }
        return answer(status(request));
    }

    /// Tells of every change until nobody listens any more, or the process ends.
    ///
    /// @param cancelled whether nobody listens any more
    public void watch(
            HealthCheckRequest request,
            BooleanSupplier cancelled,
            Consumer<HealthCheckResponse> answers) {
        @Nullable ServingStatus last = null;
        while (!cancelled.getAsBoolean()) {
            boolean end = over;
            ServingStatus now = status(request);
            if (now != last) {
                answers.accept(answer(now));
                last = now;
            }
            if (end) {
                return;
            }
            try {
                Thread.sleep(LOOK);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private ServingStatus status(HealthCheckRequest request) {
        if (!knows(request)) {
            return ServingStatus.SERVICE_UNKNOWN;
        }
        return readiness.isReady() ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
    }

    private boolean knows(HealthCheckRequest request) {
        return request.getService().isEmpty() || services.contains(request.getService());
    }

    private static HealthCheckResponse answer(ServingStatus status) {
        return HealthCheckResponse.newBuilder().setStatus(status).build();
    }
}
