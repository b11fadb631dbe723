package dev.tidemill.http;

import java.net.InetAddress;

/// Whether a client may open one more connection.
@FunctionalInterface
public interface ConnectionRule {
    /// @param open that it has already
    boolean mayOpen(InetAddress client, int open);
}
