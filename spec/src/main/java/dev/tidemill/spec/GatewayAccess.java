package dev.tidemill.spec;

import dev.tidemill.common.AddressRange;
import dev.tidemill.common.Digest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Who may use the gateway.
///
/// @param keys anybody may when there are none, and no issuers either
/// @param issuers whose tokens are believed
/// @param wrongKeysPerMinute that an address may try
/// @param allow addresses that may connect; all when there are none
/// @param adminKeys of those who may give orders at the admin port
/// @param trustedProxies whose `X-Forwarded-For` is believed
public record GatewayAccess(
        List<Key> keys,
        List<TokenIssuer> issuers,
        int wrongKeysPerMinute,
        List<AddressRange> allow,
        List<AddressRange> trustedProxies,
        Optional<Cors> cors,
        List<Secret> adminKeys) {
    public static final GatewayAccess OPEN =
            new GatewayAccess(
                    List.of(), List.of(), 30, List.of(), List.of(), Optional.empty(), List.of());

    public GatewayAccess {
        keys = List.copyOf(keys);
        issuers = List.copyOf(issuers);
        allow = List.copyOf(allow);
        trustedProxies = List.copyOf(trustedProxies);
        adminKeys = List.copyOf(adminKeys);
    }

    /// A client.
    ///
    /// @param secrets any of them is this key, so that one can follow another
    /// @param models that it may use; all when there are none
    /// @param routes that it may use; all when there are none
    public record Key(
            String name,
            List<Secret> secrets,
            Optional<String> team,
            List<String> models,
            List<String> routes) {
        public Key {
            secrets = List.copyOf(secrets);
            models = List.copyOf(models);
            routes = List.copyOf(routes);
        }
    }

    /// @param hash SHA-256 of the key itself
    public record Secret(Digest hash, Optional<Instant> expires) {}

    /// Which pages in browsers may call.
    ///
    /// @param origins `*` is every origin
    public record Cors(
            List<String> origins,
            List<String> methods,
            List<String> headers,
            boolean credentials,
            Duration maxAge) {
        public Cors {
            origins = List.copyOf(origins);
            methods = List.copyOf(methods);
            headers = List.copyOf(headers);
        }
    }
}
