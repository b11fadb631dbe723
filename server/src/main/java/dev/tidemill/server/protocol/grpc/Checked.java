package dev.tidemill.server.protocol.grpc;

import dev.tidemill.server.admission.AdmissionGate.Reserve;
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
        Intake intake = Intake.KEY.get();
        if (intake != null) {
            intake.onEnding(why ->
                    call.close(
                            Status.fromCodeValue(why.code().grpcStatus())
                                    .withDescription(String.valueOf(why.getMessage())),
                            new Metadata()));
        }
        return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
            private boolean refused;

            @Override
            public void onMessage(Q message) {
                // Small, and answered at once.
                try (Reserve _ = intake == null ? null : intake.next()) {
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
