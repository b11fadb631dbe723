package dev.tidemill.gateway.grpc;

import dev.tidemill.http.Readiness;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;

/// `grpc.health.v1`: every service is as ready as the gateway.
final class Health extends HealthGrpc.HealthImplBase {
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

    @Override
    public void check(HealthCheckRequest request, StreamObserver<HealthCheckResponse> answer) {
        if (knows(request)) {
            answer.onNext(answer(status(request)));
            answer.onCompleted();
        } else {
            answer.onError(
                    Status.NOT_FOUND
                            .withDescription(
                                    "service: '%s' (expected: one of %s, or nothing)"
                                            .formatted(request.getService(), services))
                            .asException());
        }
    }

    @Override
    public void watch(HealthCheckRequest request, StreamObserver<HealthCheckResponse> answers) {
        ServerCallStreamObserver<HealthCheckResponse> watcher =
                (ServerCallStreamObserver<HealthCheckResponse>) answers;
        // Its own thread: gRPC tells of a client that left on the one that is here.
        watcher.setOnCancelHandler(() -> {});
        Thread.ofVirtual().name("health-watch").start(() -> watch(request, watcher));
    }

    private void watch(
            HealthCheckRequest request, ServerCallStreamObserver<HealthCheckResponse> watcher) {
        ServingStatus last = null;
        while (!watcher.isCancelled()) {
            boolean end = over;
            ServingStatus now = status(request);
            if (now != last) {
                watcher.onNext(answer(now));
                last = now;
            }
            if (end) {
                watcher.onCompleted();
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
