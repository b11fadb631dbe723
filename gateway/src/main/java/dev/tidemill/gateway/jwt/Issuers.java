package dev.tidemill.gateway.jwt;

import dev.tidemill.gateway.config.GatewayRules;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The issuers of this process, whose keys outlive a configuration.
public final class Issuers implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(2);

    private final LongSupplier nanos;
    private Map<GatewayRules.Jwt, Issuer> known = new HashMap<>();
    private @Nullable HttpClient client;

    /// @param nanos monotonic clock
    public Issuers(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /// Those of a configuration; of all others the keys are forgotten.
    synchronized List<Issuer> of(List<GatewayRules.Jwt> rules) {
        Map<GatewayRules.Jwt, Issuer> next = new HashMap<>();
        List<Issuer> issuers = new ArrayList<>();
        for (GatewayRules.Jwt rule : rules) {
            Issuer kept = known.get(rule);
            Issuer issuer = kept != null ? kept : open(rule);
            next.put(rule, issuer);
            issuers.add(issuer);
        }
        known = next;
        return issuers;
    }

    private Issuer open(GatewayRules.Jwt rule) {
        KeyFetch fetch = new KeyFetch(rule, this::client);
        return new Issuer(rule, new KeySet(rule.issuer(), fetch::keys, nanos));
    }

    /// Made when it is first needed. Follows nobody anywhere.
    private synchronized HttpClient client() {
        HttpClient made = client;
        if (made == null) {
            made =
                    HttpClient.newBuilder()
                            .followRedirects(HttpClient.Redirect.NEVER)
                            .connectTimeout(CONNECT)
                            .build();
            client = made;
        }
        return made;
    }

    @Override
    public synchronized void close() {
        if (client != null) {
            client.shutdownNow();
        }
    }
}
