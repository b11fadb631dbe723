package dev.tidemill.cli.aot;

import dev.tidemill.cli.command.Root;
import dev.tidemill.cli.state.StateFolder;
import dev.tidemill.cli.up.RecordedDeployment;
import dev.tidemill.client.control.ControlClient;
import dev.tidemill.client.gateway.GatewayAdminClient;
import dev.tidemill.client.inference.InferenceClient;
import dev.tidemill.control.ControlProcess;
import dev.tidemill.gateway.GatewayProcess;
import dev.tidemill.server.ServerProcess;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/// Runs every role once in this JVM, on made-up data in a temporary folder, so that one start-up
/// cache serves them all. The launcher calls it with `-XX:AOTCacheOutput`.
public final class AotRecording {
    private static final int REQUESTS = 300;
    private static final JsonMapper JSON = JsonMapper.shared();

    private AotRecording() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createTempDirectory("tidemill-recording-");
        try {
            record(folder);
        } finally {
            delete(folder);
        }
        // The roles' threads are done; what libraries left behind must not keep the JVM.
        System.exit(0);
    }

    private static void record(Path folder) throws Exception {
        StateFolder state = new StateFolder(folder.resolve("data"));
        state.create();
        Path file = RecordingData.write(folder);
        commands(folder, file);
        HttpClient http = HttpClient.newHttpClient();
        try (InProcess control =
                InProcess.start(
                        "control", ControlProcess::main, RecordedDeployment.controlLine(state))) {
            ControlClient client =
                    new ControlClient(
                            http, URI.create("http://127.0.0.1:" + control.port("listening")));
            RecordedDeployment deployment = new RecordedDeployment(file, state, client);
            deployment.train();
            client.models();
            try (InProcess server =
                            InProcess.start(
                                    "server", ServerProcess::main, deployment.serverLine());
                    InProcess gateway =
                            InProcess.start(
                                    "gateway",
                                    GatewayProcess::main,
                                    deployment.gatewayLine(server.port("listening")))) {
                requests(http, gateway);
            }
        }
    }

    private static void requests(HttpClient http, InProcess gateway)
            throws IOException, InterruptedException {
        URI address = URI.create("http://127.0.0.1:" + gateway.port("listening"));
        URI admin = URI.create("http://127.0.0.1:" + gateway.port("admin"));
        InferenceClient client = new InferenceClient(http, JSON, address);
        for (int i = 0; i < REQUESTS; i++) {
            client.inferRow("shapes", "input", RecordingData.row(i % 3)).label();
            client.inferText("phrases", "text", "when is the exam 考试").highestScore();
        }
        new GatewayAdminClient(http, JSON, admin).counters();
        http.send(
                HttpRequest.newBuilder(address.resolve("/predict"))
                        .header("content-type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString("{\"text\":\"考试\"}"))
                        .build(),
                HttpResponse.BodyHandlers.discarding());
    }

    private static void commands(Path folder, Path file) {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        String data = folder.resolve("none").toString();
        for (String[] command :
                new String[][] {
                    {"validate", file.toString()},
                    {"status", "--data", data},
                    {"down", "--data", data},
                    {"predict", "shapes", "--text", "x", "--data", data}
                }) {
            Root.commandLine(nowhere, nowhere, InstantSource.system()).execute(command);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
