package dev.tidemill.gateway.jwt;

import dev.tidemill.gateway.access.Caller;
import java.security.MessageDigest;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Tokens that held, by their SHA-256. Bounded: only tokens that hold come in, and when there are
/// too many those that nobody may rely on any more go out, or the new one does not come in.
final class KnownTokens {
    private final Map<Long, Entry> entries = new ConcurrentHashMap<>();
    private final int capacity;

    KnownTokens(int capacity) {
        this.capacity = capacity;
    }

    @Nullable Caller find(byte[] hash, long nowMillis) {
        Entry entry = entries.get(slot(hash));
        return entry != null
                        && nowMillis < entry.untilMillis()
                        && MessageDigest.isEqual(entry.hash(), hash)
                ? entry.caller()
                : null;
    }

    void add(byte[] hash, Caller caller, long untilMillis) {
        if (entries.size() >= capacity) {
            long oldest = untilMillis - 60_000;
            entries.values().removeIf(entry -> entry.untilMillis() <= oldest);
        }
        if (entries.size() < capacity) {
            entries.put(slot(hash), new Entry(hash.clone(), caller, untilMillis));
        }
    }

    int size() {
        return entries.size();
    }

    private static long slot(byte[] hash) {
        long slot = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            slot = slot << 8 | (hash[i] & 0xff);
        }
        return slot;
    }

    @SuppressWarnings("ArrayRecordComponent") // Compared by MessageDigest.isEqual only.
    private record Entry(byte[] hash, Caller caller, long untilMillis) {}
}
