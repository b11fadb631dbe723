package dev.tidemill.operator.canary;

import dev.tidemill.client.gateway.CanaryReports.CanaryReport;
import dev.tidemill.client.gateway.GatewayAdminClient;
import dev.tidemill.common.TidemillException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import tools.jackson.databind.json.JsonMapper;

/// Asks the gateways of namespaces with rollouts how far they are, each namespace on a thread of
/// its own: a gateway that is silent holds up nobody. Thread-safe.
public final class LiveCanaries implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(LiveCanaries.class.getName());
    private static final Duration CONNECT = Duration.ofSeconds(1);

    private final Duration every;
    private final HttpClient http;
    private final Map<String, Asked> namespaces = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /// With gateways that ask for no certificate.
    LiveCanaries(Duration every) {
        this(every, Optional.empty());
    }

    /// @param tls for gateways that ask for a certificate
    public LiveCanaries(Duration every, Optional<SSLContext> tls) {
        this.every = every;
        HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(CONNECT);
        tls.ifPresent(builder::sslContext);
        this.http = builder.build();
    }

    /// One namespace.
    private static final class Asked {
        private volatile Map<String, URI> gateways = Map.of();
        private volatile Map<String, List<CanaryReport>> reports = Map.of();
    }

    /// Whom to ask from now on; nobody ends it.
    ///
    /// @param gateways addresses of admin listeners by the names of their pods
    /// @return what they said last, those of them that answered
    public synchronized Map<String, List<CanaryReport>> see(
            String namespace, Map<String, URI> gateways) {
        if (gateways.isEmpty()) {
            namespaces.remove(namespace);
            return Map.of();
        }
        Asked asked = namespaces.get(namespace);
        if (asked == null) {
            Asked made = new Asked();
            made.gateways = Map.copyOf(gateways);
            namespaces.put(namespace, made);
            Thread.ofVirtual().name("canaries-" + namespace).start(() -> run(namespace, made));
            return Map.of();
        }
        asked.gateways = Map.copyOf(gateways);
        Map<String, List<CanaryReport>> said = new ConcurrentHashMap<>(asked.reports);
        said.keySet().retainAll(gateways.keySet());
        return said;
    }

    private void run(String namespace, Asked asked) {
        while (!closed && namespaces.get(namespace) == asked) {
            Map<String, List<CanaryReport>> reports = new ConcurrentHashMap<>();
            asked.gateways.forEach((name, address) -> {
                try {
                    reports.put(
                            name,
                            new GatewayAdminClient(http, JsonMapper.shared(), address)
                                    .canaries()
                                    .canaries());
                } catch (TidemillException e) {
                    // It is asked again in a moment, and others speak for it meanwhile.
                    LOG.log(System.Logger.Level.DEBUG, name, e);
                }
            });
            asked.reports = reports;
            LockSupport.parkNanos(this, every.toNanos());
        }
    }

    @Override
    public void close() {
        closed = true;
        namespaces.clear();
        http.shutdownNow();
    }
}
