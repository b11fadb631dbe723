package dev.tidemill.server;

import dev.tidemill.http.Metrics;
import dev.tidemill.http.Readiness;
import dev.tidemill.http.tracing.Tracing;
import dev.tidemill.server.protocol.Inference;
import dev.tidemill.server.protocol.grpc.GrpcEdge;
import dev.tidemill.server.protocol.grpc.Intakes;
import dev.tidemill.server.protocol.grpc.openinference.OpenInferenceService;
import dev.tidemill.server.protocol.grpc.tfserving.ModelService;
import dev.tidemill.server.protocol.grpc.tfserving.PredictionService;
import dev.tidemill.server.protocol.openinference.OpenInferenceRoutes;
import dev.tidemill.server.repository.ModelRepository;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/// Every protocol that the server speaks over gRPC. Apart from [Protocols], so that a server
/// without a gRPC port loads no class of it.
final class GrpcProtocols {
    private GrpcProtocols() {}

    /// @param callers who may call, by their certificates; empty for plain text
    static GrpcEdge edge(
            ServerConfig config,
            Optional<SSLContext> callers,
            ModelRepository models,
            Inference inference,
            Readiness readiness,
            Metrics metrics,
            Tracing tracing) {
        OpenInferenceService openInference =
                new OpenInferenceService(
                        models, inference, readiness, OpenInferenceRoutes.EXTENSIONS);
        return new GrpcEdge(
                new GrpcEdge.Settings(
                        config.host(),
                        config.grpcPorts(),
                        (int) Math.min(config.maxBodyBytes(), Integer.MAX_VALUE),
                        callers.orElse(null)),
                List.of(
                        openInference.service(),
                        new PredictionService(models, inference).service(),
                        new ModelService(models).service()),
                readiness,
                metrics,
                new Intakes(
                        inference.gate(),
                        config.extras().orElse(ServerExtras.NONE).bodyTime(),
                        System::nanoTime),
                tracing,
                System::nanoTime);
    }
}
