package dev.tidemill.spec.scaling;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The lag of a consumer group: of each partition the messages between what the group committed and
/// the end, summed.
///
/// @param servers `HOST:PORT`, separated by commas
/// @param topic empty for all that the group has committed to
/// @param partitions that count; empty for all
/// @param reset what a partition counts of which the group has committed nothing
/// @param bound for a trigger of KEDA, at which its number ends
/// @param stuckAfter for how long a partition's committed offset may stay where it is; behind for
///   longer, the partition does not count
public record KafkaLag(
        String servers,
        String group,
        Optional<String> topic,
        PartitionRanges partitions,
        Reset reset,
        Optional<Duration> stuckAfter,
        Optional<Bound> bound,
        Access access) {

    /// What a partition counts that has no committed offset, as KEDA's scaler counts it.
    public enum Reset {
        /// One message, so that a consumer starts, and commits.
        LATEST(1, false),
        /// Nothing.
        LATEST_ZERO(0, false),
        /// All up to its end.
        EARLIEST(0, true);

        private final long uncommitted;
        private final boolean whole;

        Reset(long uncommitted, boolean whole) {
            this.uncommitted = uncommitted;
            this.whole = whole;
        }

        public long lag(long end) {
            return whole ? end : uncommitted;
        }

        static Reset of(boolean earliest, boolean zero) {
            return zero ? LATEST_ZERO : earliest ? EARLIEST : LATEST;
        }
    }

    /// More consumers than partitions have nothing to do.
    ///
    /// @param each messages a replica
    /// @param withLag whether only partitions count that have a lag
    /// @param even whether the number of replicas divides that of the partitions
    public record Bound(double each, boolean withLag, boolean even) {}

    /// How the brokers are spoken to.
    public record Access(Optional<Tls> tls, Optional<Sasl> sasl) {
        public static final Access PLAIN = new Access(Optional.empty(), Optional.empty());
    }

    /// Files in PEM; what the JVM trusts where none is given.
    ///
    /// @param certificate our own, with its chain, for brokers that ask
    /// @param key of that, in PKCS#8
    public record Tls(Optional<String> ca, Optional<String> certificate, Optional<String> key) {}

    public record Sasl(Mechanism mechanism, String user, SecretText password) {}

    public enum Mechanism {
        PLAIN("PLAIN"),
        SCRAM_SHA_256("SCRAM-SHA-256"),
        SCRAM_SHA_512("SCRAM-SHA-512");

        private final String word;

        Mechanism(String word) {
            this.word = word;
        }

        /// As Kafka calls it.
        public String word() {
            return word;
        }

        static List<Mechanism> all() {
            return List.of(values());
        }
    }

    /// A secret that is not in the file: in an environment variable or in a file of its own.
    public record SecretText(Optional<String> env, Optional<String> file) {}
}
