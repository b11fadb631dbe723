package dev.tidemill.benchmarks.serving;

import ai.onnxruntime.OrtException;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;

/// ModelInfer over grpc-java. Messages stay bytes; [Protobuf] reads and writes the few fields.
final class BareGrpc {
    private BareGrpc() {}

    static Server start(int port, Map<String, Engine> engines) throws IOException {
        MethodDescriptor<byte[], byte[]> infer =
                MethodDescriptor.<byte[], byte[]>newBuilder()
                        .setType(MethodDescriptor.MethodType.UNARY)
                        .setFullMethodName("inference.GRPCInferenceService/ModelInfer")
                        .setRequestMarshaller(new Bytes())
                        .setResponseMarshaller(new Bytes())
                        .build();
        return NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", port))
                .maxInboundMessageSize(64 << 20)
                .executor(Executors.newFixedThreadPool(2))
                .addService(
                        ServerServiceDefinition.builder("inference.GRPCInferenceService")
                                .addMethod(
                                        infer,
                                        ServerCalls.asyncUnaryCall(
                                                (message, to) -> answer(engines, message, to)))
                                .build())
                .build()
                .start();
    }

    private static void answer(
            Map<String, Engine> engines, byte[] message, StreamObserver<byte[]> to) {
        try {
            Protobuf.Infer request = Protobuf.read(message);
            List<Engine.Tensor> outputs = engines.get(request.model()).run(request.inputs());
            to.onNext(Protobuf.write(request.model(), outputs));
            to.onCompleted();
        } catch (OrtException | RuntimeException e) {
            to.onError(Status.INTERNAL.withDescription(e.toString()).asException());
        }
    }

    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
