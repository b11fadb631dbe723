package dev.tidemill.cli.command;

import dev.tidemill.cli.process.JavaCommand;
import dev.tidemill.cli.state.StateFolder;
import dev.tidemill.cli.up.RunningUp;
import dev.tidemill.cli.up.TemporaryControl;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.net.http.HttpClient;

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

    /// The control plane of a data folder: the one of a running up, or one for this command only.
    static TemporaryControl control(StateFolder state) {
        return new TemporaryControl(
                state, JavaCommand.of(System.getProperties()), HttpClient.newHttpClient());
    }
}
