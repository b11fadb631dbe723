package dev.tidemill.cli.command;

import dev.tidemill.cli.state.StateFolder;
import dev.tidemill.cli.up.RunningUp;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;

/// What several commands cannot do without.
final class Needed {
    private Needed() {}

    static RunningUp running(StateFolder state) {
        return RunningUp.in(state)
                .orElseThrow(() ->
                        new TidemillException(
                                ErrorCode.UNAVAILABLE,
                                "data folder: '%s' (expected: one that an up runs on; start it with 'tidemill up')"
                                        .formatted(state.root())));
    }
}
