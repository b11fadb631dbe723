package dev.tidemill.operator;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/// What an operator is told at its start.
///
/// @param host of health and metrics
/// @param port 0 for any free one
/// @param namespaces that it looks after; empty for all
/// @param lease namespace of the Lease by which one of several operators leads; empty for a single
///   one
/// @param identity of this process among them
/// @param release version of this program, which is the tag of its image
/// @param tlsFolder with the certificate that it shows to gateways that ask for one
public record OperatorConfig(
        String host,
        int port,
        Set<String> namespaces,
        Optional<String> lease,
        String identity,
        String release,
        Optional<Path> tlsFolder) {
    public OperatorConfig(
            String host,
            int port,
            Set<String> namespaces,
            Optional<String> lease,
            String identity,
            String release) {
        this(host, port, namespaces, lease, identity, release, Optional.empty());
    }

    public OperatorConfig {
        namespaces = Set.copyOf(namespaces);
    }
}
