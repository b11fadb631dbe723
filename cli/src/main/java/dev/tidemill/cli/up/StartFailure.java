package dev.tidemill.cli.up;

import dev.tidemill.cli.state.StateFolder;

/// A start that cannot go on. The message says why and where the logs are.
final class StartFailure extends Exception {
    StartFailure(String why, StateFolder state) {
        super("%s; its log is in %s".formatted(why, state.logs()));
    }
}
