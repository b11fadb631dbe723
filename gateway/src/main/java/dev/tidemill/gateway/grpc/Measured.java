package dev.tidemill.gateway.grpc;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.gateway.table.Destination;
import dev.tidemill.gateway.traffic.GatewayMetrics;

/// Counts a call among its destination's requests, by which replicas are scaled. Used by one thread
/// at a time.
final class Measured implements AutoCloseable {
    private final GrpcParts parts;
    private final Destination destination;
    private final long began;
    private int status = ErrorCode.INTERNAL.httpStatus();

    Measured(GrpcParts parts, Destination destination, long began) {
        this.parts = parts;
        this.destination = destination;
        this.began = began;
        destination.traffic().begin(began);
    }

    /// Does the work of the call.
    @FunctionalInterface
    interface Work {
        void run() throws InterruptedException;
    }

    void during(Work work) throws InterruptedException {
        try {
            work.run();
        } catch (TidemillException e) {
            status = e.code().httpStatus();
            throw e;
        }
    }

    /// As HTTP clients would have got it.
    void status(int given) {
        status = given;
    }

    @Override
    public void close() {
        if (status == ErrorCode.CANCELLED.httpStatus()) {
            parts.metrics().counter(GatewayMetrics.CLIENTS_LEFT, destination.name()).increment();
        }
        destination.traffic().end(began, parts.nanos().getAsLong(), status);
    }
}
