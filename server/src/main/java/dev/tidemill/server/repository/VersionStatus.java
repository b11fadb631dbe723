package dev.tidemill.server.repository;

/// Where a version of a model stands.
///
/// @param version empty for a model of which no version is known
/// @param reason one sentence for people; empty when there is nothing to say
public record VersionStatus(String model, String version, State state, String reason) {
    /// Triton's names; in TensorFlow Serving's words AVAILABLE is [#READY], END is [#UNAVAILABLE].
    public enum State {
        LOADING,
        READY,
        UNLOADING,
        UNAVAILABLE
    }

    VersionStatus because(String why) {
        return new VersionStatus(model, version, state, why);
    }

    public boolean isReady() {
        return state == State.READY;
    }
}
