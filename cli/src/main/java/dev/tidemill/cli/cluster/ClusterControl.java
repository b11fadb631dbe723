package dev.tidemill.cli.cluster;

import dev.tidemill.client.control.ControlClient;
import dev.tidemill.cluster.Cluster;
import dev.tidemill.cluster.Forward;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.manifests.ControlObjects;
import dev.tidemill.manifests.Names;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import javax.net.ssl.SSLContext;

/// The cluster's registry, asked from this machine: through the API server to control's pod, with
/// the token of an admin.
public record ClusterControl(Cluster cluster) {
    private static final String POD = Names.CONTROL + "-0";
    private static final int TRIES = 20;
    private static final Duration BETWEEN = Duration.ofMillis(250);

    public <T> T with(Function<ControlClient, T> work) throws InterruptedException {
        Optional<String> token = Optional.of(new ClusterTokens(cluster).admin());
        HttpClient.Builder builder = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1);
        Optional<SSLContext> tls = new ControlTls(cluster).context();
        tls.ifPresent(builder::sslContext);
        try (Forward forward = cluster.forward(cluster.namespace(), POD, ControlObjects.HTTP);
                HttpClient http = builder.build()) {
            URI address = forward.address();
            ControlClient control =
                    new ControlClient(
                            http,
                            tls.isPresent()
                                    ? URI.create("https://127.0.0.1:" + address.getPort())
                                    : address,
                            () -> token);
            awaitAnswer(control);
            return work.apply(control);
        }
    }

    /// A pod that is ready a moment ago may not be forwarded to yet.
    private static void awaitAnswer(ControlClient control) throws InterruptedException {
        for (int left = TRIES; ; left--) {
            try {
                var _ = control.models();
                return;
            } catch (TidemillException e) {
                if (e.code() != ErrorCode.UPSTREAM_FAILED || left == 0) {
                    throw e;
                }
                Thread.sleep(BETWEEN);
            }
        }
    }
}
