package dev.tidemill.server.protocol.grpc;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.http.Readiness;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/// `grpc.health.v1`: every service is as ready as the process.
final class Health {
    /// How late a watcher may hear of a change.
    private static final Duration LOOK = Duration.ofMillis(100);

    private final List<String> services;
    private final Readiness readiness;
    private volatile boolean over;

    /// @param services their names; the empty one stands for all
    Health(List<String> services, Readiness readiness) {
        this.services = services;
        this.readiness = readiness;
    }

    /// Ends the watchers' calls, which would go on for ever.
    void end() {
        over = true;
    }

    GrpcService service() {
        return GrpcService.of(HealthGrpc.getServiceDescriptor())
                .unary(HealthGrpc.getCheckMethod(), (request, _) -> check(request))
                .streaming(HealthGrpc.getWatchMethod(), this::watch);
    }

    private HealthCheckResponse check(HealthCheckRequest request) {
        if (!knows(request)) {
            throw new TidemillException(
                    ErrorCode.NOT_FOUND,
                    "service: '%s' (expected: one of %s, or nothing)"
                            .formatted(request.getService(), services));
        }
        return answer(status(request));
    }

    private void watch(
            HealthCheckRequest request, Arrival arrival, Consumer<HealthCheckResponse> answers) {
        ServingStatus last = null;
        while (!arrival.cancelled()) {
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
