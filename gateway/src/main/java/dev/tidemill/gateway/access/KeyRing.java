package dev.tidemill.gateway.access;

import dev.tidemill.common.Digest;
import dev.tidemill.gateway.config.GatewayRules;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The keys of all clients, of which only the SHA-256 is known. They are random and long, so nobody
/// finds one by its hash. Finding a key's entry takes as long for a wrong key as for a right one:
/// what is compared byte by byte are hashes, in constant time.
final class KeyRing {
    private final Map<Slot, Entry> entries = new HashMap<>();

    /// Keys that are all one person's, or all as good.
    static KeyRing ofOne(String name, List<GatewayRules.Secret> secrets) {
        return new KeyRing(
                List.of(
                        new GatewayRules.Key(
                                name, secrets, Optional.empty(), List.of(), List.of())));
    }

    KeyRing(List<GatewayRules.Key> keys) {
        for (GatewayRules.Key key : keys) {
            for (GatewayRules.Secret secret : key.secrets()) {
                byte[] hash = HexFormat.of().parseHex(new Digest(secret.hash()).hex());
                entries.put(
                        Slot.of(hash),
                        new Entry(
                                hash,
                                key,
                                Set.copyOf(key.models()),
                                Set.copyOf(key.routes()),
                                secret.expiresMillis().map(Instant::ofEpochMilli)));
            }
        }
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /// Null for a key that is unknown or has expired.
    ///
    /// @param hash SHA-256 of what the client sent
    @Nullable Caller find(byte[] hash, String address, Instant now) {
        Entry entry = entries.get(Slot.of(hash));
        if (entry == null
                || !MessageDigest.isEqual(entry.hash(), hash)
                || entry.expires().filter(end -> !now.isBefore(end)).isPresent()) {
            return null;
        }
        return new Caller(
                "",
                entry.key().name(),
                entry.key().team(),
                entry.models(),
                entry.routes(),
                address);
    }

    static byte[] hash(String presented) {
        return Digest.sha256().digest(presented.getBytes(StandardCharsets.UTF_8));
    }

    /// Half of a hash: enough to find the entry.
    private record Slot(long first, long second) {
        static Slot of(byte[] hash) {
            return new Slot(number(hash, 0), number(hash, 8));
        }

        private static long number(byte[] bytes, int at) {
            long number = 0;
            for (int i = at; i < at + 8; i++) {
                number = number << 8 | (bytes[i] & 0xff);
            }
            return number;
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // Compared by MessageDigest.isEqual only.
    private record Entry(
            byte[] hash,
            GatewayRules.Key key,
            Set<String> models,
            Set<String> routes,
            Optional<Instant> expires) {}
}
