package dev.tidemill.gateway.grpc;

import dev.tidemill.common.TidemillException;
import dev.tidemill.grpc.Health;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

/// `grpc.health.v1`, which needs no key.
final class HealthCalls extends HealthGrpc.HealthImplBase {
    private final Health health;

    HealthCalls(Health health) {
        this.health = health;
    }

    @Override
    public void check(HealthCheckRequest request, StreamObserver<HealthCheckResponse> answer) {
        try {
            answer.onNext(health.check(request));
            answer.onCompleted();
        } catch (TidemillException e) {
            answer.onError(Trailers.status(e).asException());
        }
    }

    @Override
    public void watch(HealthCheckRequest request, StreamObserver<HealthCheckResponse> answers) {
        ServerCallStreamObserver<HealthCheckResponse> watcher =
                (ServerCallStreamObserver<HealthCheckResponse>) answers;
        // Its own thread: gRPC tells of a client that left on the one that is here.
        watcher.setOnCancelHandler(() -> {});
        Thread.ofVirtual()
                .name("health-watch")
                .start(() -> {
                    health.watch(request, watcher::isCancelled, watcher::onNext);
                    if (!watcher.isCancelled()) {
                        watcher.onCompleted();
                    }
                });
    }
}
