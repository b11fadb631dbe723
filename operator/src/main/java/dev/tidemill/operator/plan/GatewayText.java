package dev.tidemill.operator.plan;

import dev.tidemill.spec.App;
import dev.tidemill.spec.Gateway;
import dev.tidemill.spec.Model;
import dev.tidemill.spec.cluster.NetworkRules;
import java.util.List;

/// Makes the configuration that a gateway's pods are given.
@FunctionalInterface
public interface GatewayText {
    /// @param network whether our processes speak TLS to one another
    /// @throws dev.tidemill.common.TidemillException `INVALID_SPEC` when no pod can be given what
    ///   it names
    String of(Gateway gateway, List<Model> models, List<App> apps, NetworkRules network);
}
