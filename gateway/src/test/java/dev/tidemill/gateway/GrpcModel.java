package dev.tidemill.gateway;

import com.google.protobuf.ByteString;
import dev.tidemill.protos.inference.GRPCInferenceServiceGrpc;
import dev.tidemill.protos.inference.ModelInferRequest;
import dev.tidemill.protos.inference.ModelInferResponse;
import dev.tidemill.protos.inference.ModelStreamInferResponse;
import dev.tidemill.protos.tensorflow.serving.PredictRequest;
import dev.tidemill.protos.tensorflow.serving.PredictResponse;
import dev.tidemill.protos.tensorflow.serving.PredictionServiceGrpc;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/// A model server with a gRPC port that does as it is told.
final class GrpcModel implements AutoCloseable {
    static final Metadata.Key<String> SAID =
            Metadata.Key.of("said", Metadata.ASCII_STRING_MARSHALLER);

    final List<Metadata> metadata = new CopyOnWriteArrayList<>();
    final List<ModelInferRequest> requests = new CopyOnWriteArrayList<>();
    final List<PredictRequest> predictions = new CopyOnWriteArrayList<>();

    /// Never answers.
    static final Script SILENT = (_, _) -> {};

    /// Opens when a call has been cancelled.
    final CountDownLatch cancelled = new CountDownLatch(1);

    volatile @Nullable Deadline deadline;
    volatile Script script = new Echo();
    volatile StreamScript streamScript = (request, answers) -> answers.onNext(inStream(request));

    private final Server server;

    /// What it does with a request.
    interface Script {
        void answer(ModelInferRequest request, StreamObserver<ModelInferResponse> answers);
    }

    /// Says what it heard.
    record Echo() implements Script {
        @Override
        public void answer(ModelInferRequest request, StreamObserver<ModelInferResponse> answers) {
            answers.onNext(echo(request));
            answers.onCompleted();
        }
    }

    /// What it does with a message of a stream.
    interface StreamScript {
        void answer(ModelInferRequest request, StreamObserver<ModelStreamInferResponse> answers);
    }

    private GrpcModel(@Nullable SslContext tls) throws IOException {
        NettyServerBuilder builder =
                NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0));
        if (tls != null) {
            builder.sslContext(tls);
        }
        this.server =
                builder.addService(new Inference())
                        .addService(new Predictions())
                        .maxInboundMessageSize(1 << 26)
                        .intercept(new Noting())
                        .build()
                        .start();
    }

    static GrpcModel start() {
        return start(null);
    }

    /// One that speaks TLS.
    static GrpcModel start(@Nullable SslContext tls) {
        try {
            return new GrpcModel(tls);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return server.getPort();
    }

    /// Every connection ends at once, and new ones are refused.
    @Override
    public void close() {
        server.shutdownNow();
        try {
            server.awaitTermination();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Answers with an error.
    static Script failing(Status status, String... trailers) {
        Metadata said = new Metadata();
        for (int i = 0; i < trailers.length; i += 2) {
            said.put(GrpcClient.key(trailers[i]), trailers[i + 1]);
        }
        return (_, answers) -> answers.onError(status.asException(said));
    }

    static ModelInferResponse echo(ModelInferRequest request) {
        ByteString raw =
                request.getRawInputContentsCount() == 0
                        ? ByteString.EMPTY
                        : request.getRawInputContents(0);
        return ModelInferResponse.newBuilder()
                .setModelName(request.getModelName())
                .setId(request.getId())
                .addRawOutputContents(raw)
                .build();
    }

    static ModelStreamInferResponse inStream(ModelInferRequest request) {
        return ModelStreamInferResponse.newBuilder().setInferResponse(echo(request)).build();
    }

    private final class Inference extends GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase {
        @Override
        public void modelInfer(
                ModelInferRequest request, StreamObserver<ModelInferResponse> answers) {
            requests.add(request);
            deadline = Context.current().getDeadline();
            noteEnd();
            script.answer(request, answers);
        }

        @Override
        public StreamObserver<ModelInferRequest> modelStreamInfer(
                StreamObserver<ModelStreamInferResponse> answers) {
            noteEnd();
            return new StreamObserver<>() {
                @Override
                public void onNext(ModelInferRequest request) {
                    requests.add(request);
                    streamScript.answer(request, answers);
                }

                @Override
                public void onError(Throwable failure) {}

                @Override
                public void onCompleted() {
                    answers.onCompleted();
                }
            };
        }

        private void noteEnd() {
            Context context = Context.current();
            context.addListener(
                    ended -> {
                        if (ended.cancellationCause() != null) {
                            cancelled.countDown();
                        }
                    },
                    Runnable::run);
        }
    }

    private final class Predictions extends PredictionServiceGrpc.PredictionServiceImplBase {
        @Override
        public void predict(PredictRequest request, StreamObserver<PredictResponse> answers) {
            predictions.add(request);
            answers.onNext(
                    PredictResponse.newBuilder().setModelSpec(request.getModelSpec()).build());
            answers.onCompleted();
        }
    }

    private final class Noting implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            metadata.add(headers);
            return next.startCall(call, headers);
        }
    }
}
