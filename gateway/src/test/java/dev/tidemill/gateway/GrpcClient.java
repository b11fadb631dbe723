package dev.tidemill.gateway;

import com.google.protobuf.ByteString;
import dev.tidemill.protos.inference.GRPCInferenceServiceGrpc;
import dev.tidemill.protos.inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import dev.tidemill.protos.inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceStub;
import dev.tidemill.protos.inference.ModelInferRequest;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;

/// What users generate from the protocol.
final class GrpcClient implements AutoCloseable {
    final ManagedChannel channel;

    GrpcClient(int port) {
        channel =
                NettyChannelBuilder.forAddress("127.0.0.1", port)
                        .usePlaintext()
                        .disableRetry()
                        .maxInboundMessageSize(1 << 26)
                        .build();
    }

    GRPCInferenceServiceBlockingStub stub(String... metadata) {
        Metadata headers = new Metadata();
        for (int i = 0; i < metadata.length; i += 2) {
            headers.put(key(metadata[i]), metadata[i + 1]);
        }
        return GRPCInferenceServiceGrpc.newBlockingStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    GRPCInferenceServiceStub async() {
        return GRPCInferenceServiceGrpc.newStub(channel);
    }

    static ModelInferRequest ask(String model) {
        return ask(model, 16);
    }

    static ModelInferRequest ask(String model, int bytes) {
        return ModelInferRequest.newBuilder()
                .setModelName(model)
                .setId("7")
                .addRawInputContents(ByteString.copyFrom(new byte[bytes]))
                .build();
    }

    static Metadata.Key<String> key(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }

    /// The failure of a call that must fail.
    static StatusRuntimeException failure(Runnable call) {
        try {
            call.run();
        } catch (StatusRuntimeException e) {
            return e;
        }
        throw new AssertionError("the call was answered (expected: a failure)");
    }

    static Status.Code code(Runnable call) {
        return failure(call).getStatus().getCode();
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
