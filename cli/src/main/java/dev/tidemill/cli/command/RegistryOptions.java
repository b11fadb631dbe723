package dev.tidemill.cli.command;

import dev.tidemill.cli.registry.RegistryModel;
import dev.tidemill.cli.registry.RegistryPull;
import dev.tidemill.common.TidemillException;
import dev.tidemill.http.PeriodicLook;
import dev.tidemill.http.tls.Identity;
import dev.tidemill.http.tls.Role;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Option;

/// Where `serve` gets models from that are in no folder yet.
final class RegistryOptions {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final long LOOK_NANOS = 500_000_000;

    @Option(
            names = "--registry",
            paramLabel = "URL",
            description =
                    "Serve models of this registry, a control process. With"
                            + " --model-control-mode poll, aliases are followed.")
    private Optional<String> registry = Optional.empty();

    @Option(
            names = "--model",
            paramLabel = "[SERVED=]NAME[@ALIAS|:VERSION]",
            description =
                    "A model of the registry, its latest version unless said, served by another name"
                            + " where one is before it; may be given several times.")
    private List<String> models = new ArrayList<>();

    @Option(
            names = "--registry-token-file",
            paramLabel = "FILE",
            description = "File with the token that the registry asks for; read each time.")
    private Optional<Path> token = Optional.empty();

    @Option(
            names = "--registry-cache",
            paramLabel = "DIR",
            defaultValue = "${env:TIDEMILL_DATA:-.tidemill}/cache/registry",
            description =
                    "Folder for versions of the registry, by digest; one serve uses it at a time."
                            + " Default: cache/registry in the data folder.")
    private Path cache = Path.of(".tidemill", "cache", "registry");

    @Option(
            names = "--registry-max-size",
            paramLabel = "SIZE",
            defaultValue = "4Gi",
            description = "Of one version; larger ones are refused. Default: ${DEFAULT-VALUE}")
    private String maxSize = "";

    @Option(
            names = "--registry-wait-seconds",
            paramLabel = "SECONDS",
            defaultValue = "0",
            description =
                    "How long to wait at the start for a registry that does not answer or does not"
                            + " have the models yet. Default: ${DEFAULT-VALUE}")
    private double waitSeconds;

    /// How long to wait for a registry that is not ready.
    Duration patience() {
        return Duration.ofMillis(OptionValues.millis("--registry-wait-seconds", waitSeconds));
    }

    /// Empty when no registry is given.
    ///
    /// @param tls folder of the certificate that is shown to a registry with https
    Optional<RegistryPull> open(Optional<Path> tls) {
        if (registry.isEmpty()) {
            if (!models.isEmpty()) {
                throw OptionValues.wrong(
                        "--model", models.getFirst(), "--registry too, where it is to be had");
            }
            return Optional.empty();
        }
        if (models.isEmpty()) {
            throw OptionValues.wrong("--model", "missing", "a model of the registry");
        }
        Set<String> names = new HashSet<>();
        List<RegistryModel> asked = models.stream().map(RegistryModel::parse).toList();
        for (RegistryModel model : asked) {
            if (!names.add(model.name())) {
                throw OptionValues.wrong("--model", model.toString(), "each model once");
            }
        }
        return Optional.of(
                new RegistryPull(
                        address(registry.get()),
                        http(tls),
                        () -> token.map(file -> TokenFile.read("--registry-token-file", file)),
                        cache.toAbsolutePath().normalize(),
                        OptionValues.bytes("--registry-max-size", maxSize),
                        asked));
    }

    private static HttpClient http(Optional<Path> tls) {
        HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(CONNECT);
        tls.ifPresent(folder -> {
            Identity identity = new Identity(folder, Role.SERVER, InstantSource.system());
            builder.sslContext(identity.calling(Role.CONTROL));
            // The server looks at the same files and says what is wrong with them.
            new PeriodicLook("registry-certificate", LOOK_NANOS, () -> quietly(identity)).start();
        });
        return builder.build();
    }

    private static void quietly(Identity identity) {
        try {
            var _ = identity.look();
        } catch (TidemillException _) {
            // The one before stays.
        }
    }

    private static URI address(String text) {
        try {
            URI uri = new URI(text);
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (web && uri.getHost() != null) {
                return uri;
            }
        } catch (URISyntaxException _) {
            // Refused below.
        }
        throw OptionValues.wrong("--registry", text, "such as http://10.0.0.7:9000");
    }
}
