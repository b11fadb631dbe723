package dev.tidemill.cli.command;

import dev.tidemill.cli.cluster.JobTraining;
import dev.tidemill.client.control.ControlClient;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.http.tls.Identity;
import dev.tidemill.http.tls.Role;
import dev.tidemill.manifests.TrainingObjects;
import dev.tidemill.spec.Resource;
import dev.tidemill.spec.SpecParser;
import dev.tidemill.spec.Trainer;
import dev.tidemill.spec.Training;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import javax.net.ssl.SSLContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "train",
        description =
                "Send a training's data set to a control process, and wait until it has trained and"
                        + " registered the model; or register what the training's own program has"
                        + " made: what the Job of a Training runs.",
        footer = {
            "",
            "Exit code: 0 when the model is registered, 1 when something failed and may be tried"
                    + " again, 2 for wrong options, 4 when what was measured is below a gate."
        },
        sortOptions = false)
final class TrainCommand implements Callable<Integer> {
    private static final Duration CONNECT = Duration.ofSeconds(5);

    /// Half a second each.
    private static final int TRIES = 240;

    @Parameters(paramLabel = "FILE", description = "A file with one Training.")
    private Path file = Path.of("training.yaml");

    @Option(
            names = "--data",
            required = true,
            paramLabel = "DIR",
            description = "Folder that the path of the data set is relative to.")
    private Path folder = Path.of(".");

    @Option(
            names = "--output",
            paramLabel = "DIR",
            description =
                    "Folder with the model.onnx and the metrics.json that the training's own program"
                            + " made (trainer: program).")
    private Optional<Path> output = Optional.empty();

    @Option(
            names = "--control",
            required = true,
            paramLabel = "URL",
            description = "Such as http://control:8080.")
    private URI control = URI.create("http://control:8080");

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "File with an admin's token, for a control that asks for one.")
    private Optional<Path> token = Optional.empty();

    @Option(
            names = "--ca-file",
            paramLabel = "FILE",
            description =
                    "The authority, in PEM, that signed the certificate of a control that speaks TLS"
                            + " (mtls of the Environment).")
    private Optional<Path> authority = Optional.empty();

    private final PrintStream out;

    TrainCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() {
        Training training = training();
        if (output.isPresent() != (training.trainer() == Trainer.PROGRAM)) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "--output: '%s' (expected: a folder with trainer: program, and only then)"
                            .formatted(output.map(Path::toString).orElse("missing")));
        }
        HttpClient.Builder builder =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(CONNECT);
        authority.ifPresent(pem -> builder.sslContext(believing(pem)));
        try (HttpClient http = builder.build()) {
            new JobTraining(
                            new ControlClient(
                                    http,
                                    control,
                                    () -> token.map(file -> TokenFile.read("--token-file", file))),
                            folder,
                            output,
                            (about, sentence) -> out.println(about + ": " + sentence))
                    .run(training, TRIES);
        } catch (TidemillException e) {
            if (e.code() != ErrorCode.GATE_FAILED) {
                throw e;
            }
            out.println(e.getMessage());
            return TrainingObjects.NOT_GOOD_ENOUGH;
        }
        return 0;
    }

    private Training training() {
        List<Resource> resources;
        try {
            // Alone: those that it comes after are in no file here, and have ended.
            resources = SpecParser.parseDocument(file.toString(), Files.readString(file)).orThrow();
        } catch (IOException e) {
            throw new TidemillException(
                    ErrorCode.NOT_FOUND,
                    "file: '%s' (expected: a readable file)".formatted(file),
                    e);
        }
        if (resources.size() == 1 && resources.getFirst() instanceof Training training) {
            return training;
        }
        throw new TidemillException(
                ErrorCode.INVALID_REQUEST,
                "file: '%s' (expected: a file with one Training)".formatted(file));
    }

    /// Control is known by its role: a pod's address is in no certificate.
    private static SSLContext believing(Path pem) {
        try {
            return Identity.believing(Files.readAllBytes(pem), Role.CONTROL);
        } catch (IOException e) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "--ca-file: '%s' (expected: a readable file with certificates)".formatted(pem),
                    e);
        }
    }
}
