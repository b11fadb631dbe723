package dev.tidemill.gateway.forward;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.gateway.access.Caller;
import dev.tidemill.gateway.table.Destination;

/// Whether a key may use what a request leads to.
public final class Permission {
    private Permission() {}

    /// @param model as the client calls it; empty when it names none
    /// @throws TidemillException `FORBIDDEN`
    public static void check(Caller caller, Destination destination, String model) {
        boolean allowed;
        if (!destination.isRoute()) {
            allowed = caller.routes().isEmpty() || caller.models().contains(model);
        } else {
            allowed = caller.mayUseRoute(destination.name());
        }
        boolean byRoute = model.isEmpty() && caller.routes().contains(destination.name());
        if (!allowed || !(byRoute || caller.mayUseModel(model))) {
            throw new TidemillException(
                    ErrorCode.FORBIDDEN,
                    "key '%s': '%s' (expected: a model and route that it may use)"
                            .formatted(caller.key(), model.isEmpty() ? destination.name() : model));
        }
    }
}
