package dev.tidemill.server.protocol.grpc;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;

/// Makes a service of gRPC's own library answer INVALID_ARGUMENT, and not UNKNOWN, to what is no
/// message.
final class Checked implements ServerInterceptor {
    private Checked() {}

    static ServerServiceDefinition of(ServerServiceDefinition service) {
        // The messages reach the interceptor as bytes, so that parsing them happens inside of it.
        return ServerInterceptors.intercept(
                ServerInterceptors.useInputStreamMessages(service), new Checked());
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
            private boolean refused;

            @Override
            public void onMessage(Q message) {
                try {
                    super.onMessage(message);
                } catch (RuntimeException e) {
                    refused = true;
                    call.close(
                            Status.INVALID_ARGUMENT.withDescription(
                                    "message: (expected: the method's protobuf message)"),
                            new Metadata());
                }
            }

            @Override
            public void onHalfClose() {
                if (!refused) {
                    super.onHalfClose();
                }
            }
        };
    }
}
