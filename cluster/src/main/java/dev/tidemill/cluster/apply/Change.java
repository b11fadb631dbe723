package dev.tidemill.cluster.apply;

import dev.tidemill.cluster.ObjectRef;

/// What happened to an object, or would.
public record Change(ObjectRef object, Kind kind) {
    /// In the words of `kubectl`.
    public enum Kind {
        CREATED("created"),
        CONFIGURED("configured"),
        UNCHANGED("unchanged"),
        PRUNED("pruned");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    @Override
    public String toString() {
        return object.id() + " " + kind.word();
    }
}
