package dev.tidemill.benchmarks.serving;

import ai.onnxruntime.OrtException;
import io.grpc.Server;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a good Java engineer writes in an afternoon: Helidon, Jackson's streaming parser and ONNX
/// Runtime. No checks, limits, metrics, batching or lifecycle. gRPC is grpc-java over Netty.
public final class BareHandler {
    private static final HeaderName BINARY = HeaderNames.create("Inference-Header-Content-Length");
    private static final int MAX_BODY = 64 << 20;

    private BareHandler() {}

    /// Arguments: HTTP port, gRPC port, repository, models.
    public static void main(String[] arguments) throws OrtException, IOException {
        Map<String, Engine> engines = new LinkedHashMap<>();
        for (String model : List.of(arguments).subList(3, arguments.length)) {
            engines.put(model, new Engine(Path.of(arguments[2], model, "1", "model.onnx")));
        }
        Server grpc = BareGrpc.start(Integer.parseInt(arguments[1]), engines);
        WebServer server =
                WebServer.builder()
                        .host("127.0.0.1")
                        .port(Integer.parseInt(arguments[0]))
                        .maxPayloadSize(MAX_BODY)
                        // Else an answer in two writes waits 40 ms for the client to acknowledge the first.
                        .connectionOptions(options -> options.tcpNoDelay(true))
                        .routing(
                                routing ->
                                        routing.get(
                                                        "/v2/health/ready",
                                                        (_, response) -> response.send())
                                                .post(
                                                        "/v2/models/{model}/infer",
                                                        (in, out) -> infer(engines, in, out)))
                        .build()
                        .start();
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    server.stop();
                                    grpc.shutdownNow();
                                }));
    }

    private static void infer(
            Map<String, Engine> engines, ServerRequest request, ServerResponse response)
            throws OrtException {
        String model = request.path().pathParameters().get("model");
        byte[] body = request.content().as(byte[].class);
        int json = request.headers().first(BINARY).map(Integer::parseInt).orElse(body.length);
        OpenInference.Request read = OpenInference.read(body, json);
        List<Engine.Tensor> outputs = engines.get(model).run(read.inputs);
        byte[] answer = OpenInference.json(model, outputs, read.binaryOutput);
        if (read.binaryOutput) {
            response.header(BINARY, Integer.toString(answer.length));
            response.header(HeaderNames.CONTENT_TYPE, "application/octet-stream");
            answer = OpenInference.withTensors(answer, outputs);
        } else {
            response.header(HeaderNames.CONTENT_TYPE, "application/json");
        }
        response.send(answer);
    }
}
