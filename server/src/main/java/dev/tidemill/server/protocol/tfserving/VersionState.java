package dev.tidemill.server.protocol.tfserving;

import dev.tidemill.server.repository.VersionStatus;

/// Where a version stands, in TensorFlow Serving's words.
///
/// @param version decimal digits where the repository's folders are numbers, as they should be
/// @param failed whether [State#END] means that it could not be loaded, and not that it is over
/// @param message empty when there is nothing to say
public record VersionState(String version, State state, boolean failed, String message) {
    /// `ModelVersionStatus.State`.
    public enum State {
        START(10),
        LOADING(20),
        AVAILABLE(30),
        UNLOADING(40),
        END(50);

        private final int number;

        State(int number) {
            this.number = number;
        }

        /// In the protocol files.
        public int number() {
            return number;
        }
    }

    public static VersionState of(VersionStatus status) {
        State state =
                switch (status.state()) {
                    case LOADING -> State.LOADING;
                    case READY -> State.AVAILABLE;
                    case UNLOADING -> State.UNLOADING;
                    case UNAVAILABLE -> State.END;
                };
        boolean failed = state == State.END && !status.reason().isEmpty();
        return new VersionState(status.version(), state, failed, failed ? status.reason() : "");
    }

    /// The name in `google.rpc.Code`.
    public String errorCode() {
        return failed ? "INTERNAL" : "OK";
    }

    /// The number in `google.rpc.Code`.
    public int errorNumber() {
        return failed ? 13 : 0;
    }
}
