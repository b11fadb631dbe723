package dev.tidemill.control.access;

import dev.tidemill.common.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// A folder with a file for each role, whose lines are tokens: two lines while one takes the
/// other's place. Looked at again now and then, for a mounted Secret changes while we run.
final class TokenFolder {
    private static final long AGAIN_NANOS = Duration.ofSeconds(2).toNanos();

    private final Path folder;
    private final LongSupplier nanos;
    private Map<Role, byte[][]> known = Map.of();
    private long read;

    TokenFolder(Path folder, LongSupplier nanos) {
        this.folder = folder;
        this.nanos = nanos;
        refresh();
    }

    /// Whether anybody could come in at all.
    synchronized boolean isEmpty() {
        return known.values().stream().allMatch(tokens -> tokens.length == 0);
    }

    /// Digests of one length are compared, each to its last byte: how long it takes tells nothing.
    synchronized Optional<Role> role(String token) {
        if (nanos.getAsLong() - read > AGAIN_NANOS) {
            refresh();
        }
        byte[] given = digest(token);
        @Nullable Role found = null;
        for (Map.Entry<Role, byte[][]> role : known.entrySet()) {
            for (byte[] each : role.getValue()) {
                if (MessageDigest.isEqual(each, given) && found == null) {
                    found = role.getKey();
                }
            }
        }
        return Optional.ofNullable(found);
    }

    private synchronized void refresh() {
        Map<Role, byte[][]> tokens = new EnumMap<>(Role.class);
        for (Role role : Role.values()) {
            tokens.put(role, tokens(role));
        }
        known = tokens;
        read = nanos.getAsLong();
    }

    private byte[][] tokens(Role role) {
        Path file = folder.resolve(role.file());
        try {
            return Files.readAllLines(file).stream()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .map(TokenFolder::digest)
                    .toArray(byte[][]::new);
        } catch (IOException e) {
            // While the Secret's files are exchanged, or there is none for this role.
            return known.getOrDefault(role, new byte[0][]);
        }
    }

    private static byte[] digest(String token) {
        return Digest.sha256().digest(token.getBytes(StandardCharsets.UTF_8));
    }
}
