package dev.tidemill.control.audit;

/// How much of the audit log is kept; what is beyond any of these goes, the oldest first.
///
/// @param maxBytes about, without indexes
public record Retention(long maxAgeMillis, long maxRecords, long maxBytes) {
    /// A month, a million records, 4 GiB.
    public static final Retention DEFAULT = new Retention(2_592_000_000L, 1_000_000, 4L << 30);

    public Retention {
        if (maxAgeMillis < 1 || maxRecords < 1 || maxBytes < 1) {
            throw new IllegalArgumentException(
                    "audit: '%d ms, %d records, %d bytes' (expected: at least 1 each)"
                            .formatted(maxAgeMillis, maxRecords, maxBytes));
        }
    }
}
