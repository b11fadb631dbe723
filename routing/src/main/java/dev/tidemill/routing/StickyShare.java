package dev.tidemill.routing;

/// Turns a client or a conversation into a number that stays the same.
public final class StickyShare {
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private StickyShare() {}

    /// From 0 to 1 (exclusive), evenly spread over values and unrelated between purposes: who is in
    /// the first tenth for one purpose may be anywhere for another.
    public static double of(String purpose, String value) {
        long hash = FNV_OFFSET;
        hash = add(add(hash, purpose) * FNV_PRIME, value);
        // SplitMix64's last steps: FNV alone leaves the high bits of short texts alike.
        hash = (hash ^ hash >>> 30) * 0xbf58476d1ce4e5b9L;
        hash = (hash ^ hash >>> 27) * 0x94d049bb133111ebL;
        hash ^= hash >>> 31;
        return (hash >>> 11) * 0x1.0p-53;
    }

    private static long add(long hash, String text) {
        long sum = hash;
        for (int i = 0; i < text.length(); i++) {
            sum = (sum ^ text.charAt(i)) * FNV_PRIME;
        }
        return sum;
    }
}
