package dev.tidemill.gateway.cache;

/// A SHA-256.
record CacheKey(long a, long b, long c, long d) {
    static CacheKey of(byte[] hash) {
        return new CacheKey(number(hash, 0), number(hash, 8), number(hash, 16), number(hash, 24));
    }

    private static long number(byte[] bytes, int at) {
        long number = 0;
        for (int i = at; i < at + 8; i++) {
            number = number << 8 | (bytes[i] & 0xff);
        }
        return number;
    }
}
