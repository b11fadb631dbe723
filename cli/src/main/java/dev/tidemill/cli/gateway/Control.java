package dev.tidemill.cli.gateway;

import java.net.URI;
import java.util.Optional;

/// The control plane that a gateway belongs to.
public sealed interface Control {
    Control NONE = new None();

    /// A gateway that runs alone.
    record None() implements Control {}

    /// @param address empty while it is not ready
    /// @param tokenFile of what it asks for; empty when it asks for nothing
    record Beside(Optional<URI> address, Optional<String> tokenFile) implements Control {
        public Beside(Optional<URI> address) {
            this(address, Optional.empty());
        }

        public static Beside onPort(int port) {
            return new Beside(
                    port == 0
                            ? Optional.empty()
                            : Optional.of(URI.create("http://127.0.0.1:" + port)));
        }
    }
}
