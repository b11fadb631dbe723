package dev.tidemill.operator;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
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
/// @param apis that others ask; none unless given
/// @param tlsFolder with the certificate that it shows to gateways that ask for one
/// @param sourcesFolder with the secrets that metrics' sources name, each as `NAMESPACE.NAME`
public record OperatorConfig(
        String host,
        int port,
        Set<String> namespaces,
        Optional<String> lease,
        String identity,
        String release,
        Apis apis,
        Optional<Path> tlsFolder,
        Optional<Path> sourcesFolder) {
    public OperatorConfig {
        namespaces = Set.copyOf(namespaces);
    }

    /// Without APIs for others.
    public OperatorConfig(
            String host,
            int port,
            Set<String> namespaces,
            Optional<String> lease,
            String identity,
            String release) {
        this(
                host,
                port,
                namespaces,
                lease,
                identity,
                release,
                Apis.NONE,
                Optional.empty(),
                Optional.empty());
    }

    /// What autoscalers of others ask.
    ///
    /// @param metricsPort of Kubernetes' metrics APIs, over HTTPS; 0 for any free one
    /// @param kedaPort of KEDA's external scaler; 0 for any free one
    /// @param address by which the cluster reaches this process
    public record Apis(OptionalInt metricsPort, OptionalInt kedaPort, Optional<String> address) {
        static final Apis NONE =
                new Apis(OptionalInt.empty(), OptionalInt.empty(), Optional.empty());

        boolean isAny() {
            return metricsPort.isPresent() || kedaPort.isPresent();
        }
    }
}
