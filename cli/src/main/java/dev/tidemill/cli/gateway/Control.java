package dev.tidemill.cli.gateway;

import java.net.URI;
import java.util.Optional;

/// The control plane that a gateway belongs to.
public sealed interface Control {
    Control NONE = new None();

    /// A gateway that runs alone.
    record None() implements Control {}

    /// @param address empty while it is not ready
    record Beside(Optional<URI> address) implements Control {
        public static Beside onPort(int port) {
            return new Beside(
                    port == 0
                            ? Optional.empty()
                            : Optional.of(URI.create("http://127.0.0.1:" + port)));
        }
    }
}
