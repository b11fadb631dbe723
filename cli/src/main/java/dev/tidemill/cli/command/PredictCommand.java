package dev.tidemill.cli.command;

import dev.tidemill.cli.cluster.ClusterView;
import dev.tidemill.client.inference.InferenceAnswer;
import dev.tidemill.client.inference.InferenceClient;
import dev.tidemill.cluster.Cluster;
import dev.tidemill.cluster.Forward;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.manifests.GatewayObjects;
import dev.tidemill.runtimes.spi.TextFeatures;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

@Command(
        name = "predict",
        description = "Send one request through the gateway and show the answer.")
final class PredictCommand implements Callable<Integer> {
    @Mixin private DataOption data = new DataOption();

    @Mixin private OnCluster on = new OnCluster();

    @Parameters(index = "0", paramLabel = "MODEL", description = "A Model of the file.")
    private String model = "";

    @ArgGroup(multiplicity = "1")
    private Input input = new Input();

    @Option(names = "--json", description = "Print the answer as it came.")
    private boolean json;

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "Any Open Inference server instead of the running up's gateway.")
    private @Nullable URI url;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description =
                    "A key, where the gateway asks for one. Default: $${env:TIDEMILL_KEY}, which nobody"
                            + " else sees in the list of processes.",
            defaultValue = "${env:TIDEMILL_KEY}")
    private @Nullable String key;

    private final PrintStream out;

    PredictCommand(PrintStream out) {
        this.out = out;
    }

    private static final class Input {
        @Option(
                names = "--input",
                paramLabel = "FILE",
                description = "An Open Inference request, or an object with a text.")
        private @Nullable Path file;

        @Option(
                names = "--text",
                paramLabel = "TEXT",
                description = "A text, for models that take one.")
        private @Nullable String text;
    }

    @Override
    public Integer call() {
        if (url == null && on.isMeant()) {
            try (Cluster cluster = on.open();
                    Forward gateway =
                            cluster.forward(
                                    cluster.namespace(),
                                    new ClusterView(cluster).ready("gateway").name(),
                                    GatewayObjects.HTTP)) {
                return ask(gateway.address());
            }
        }
        return ask(url == null ? URI.create(Needed.running(data.folder()).note().gateway()) : url);
    }

    private int ask(URI server) {
        InferenceClient client =
                new InferenceClient(
                        HttpClient.newHttpClient(),
                        JsonMapper.shared(),
                        server,
                        Optional.ofNullable(key).filter(given -> !given.isBlank()));
        long before = System.nanoTime();
        InferenceAnswer answer = ask(client);
        double millis = (System.nanoTime() - before) / 1e6;
        if (json) {
            out.println(
                    JsonMapper.builder()
                            .enable(SerializationFeature.INDENT_OUTPUT)
                            .build()
                            .writeValueAsString(answer.json()));
            return 0;
        }
        String score =
                answer.highestScore().isPresent()
                        ? String.format(
                                Locale.ROOT,
                                " (%.1f %%)",
                                100 * answer.highestScore().getAsDouble())
                        : "";
        String said =
                answer.label().map(l -> l + score).orElse(answer.json().path("outputs").toString());
        out.printf(
                Locale.ROOT,
                "%s: %s, version %s, %.1f ms%n",
                model,
                said,
                answer.modelVersion(),
                millis);
        return 0;
    }

    private InferenceAnswer ask(InferenceClient client) {
        if (input.file == null) {
            return client.inferText(
                    model, TextFeatures.INPUT, input.text == null ? "" : input.text);
        }
        try {
            byte[] content = Files.readAllBytes(input.file);
            JsonNode request = JsonMapper.shared().readTree(content);
            return request.path("text").isString()
                    ? client.inferText(model, TextFeatures.INPUT, request.path("text").asString(""))
                    : client.infer(model, content);
        } catch (IOException | JacksonException e) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "--input: '%s' (expected: a readable JSON file; %s)"
                            .formatted(input.file, e.getMessage()),
                    e);
        }
    }
}
