package dev.tidemill.routing;

/// What a [ReplicaPicker] decided.
public sealed interface Pick {
    /// One sentence for logs and people. Made when asked for: most picks are never explained.
    String reason();

    /// @param index in the list that the picker was given
    /// @param of how many replicas were as good a choice as this one
    record Chosen(int index, String id, Preference preference, int inFlight, int of)
            implements Pick {
        @Override
        public String reason() {
            return "replica '%s': %d in flight, least loaded of two random among %d that are %s"
                    .formatted(id, inFlight, of, preference.wording());
        }
    }

    /// The first replica of a key's own order that has room.
    ///
    /// @param index in the list that the picker was given
    /// @param most that it may have in flight
    /// @param isFirst whether it is the first of that order
    record Near(
            int index, String id, Preference preference, int inFlight, int most, boolean isFirst)
            implements Pick {
        @Override
        public String reason() {
            return "replica '%s': %s, %d in flight of at most %d"
                    .formatted(
                            id,
                            isFirst
                                    ? "the first choice of what begins alike"
                                    : "a later choice, since its first choice has too much to do",
                            inFlight,
                            most);
        }
    }

    /// Every replica was tried by this request and is ejected: worth asking again at a time, or
    /// when the replicas change.
    ///
    /// @param againNanos monotonic time at which the first ejection ends
    record AllEjected(int replicas, long againNanos) implements Pick {
        @Override
        public String reason() {
            return "all %d replicas refused a connection within the last moment"
                    .formatted(replicas);
        }
    }

    /// There is no replica; only a change of the replicas can help.
    record NoneReady() implements Pick {
        @Override
        public String reason() {
            return "no replica is ready";
        }
    }
}
