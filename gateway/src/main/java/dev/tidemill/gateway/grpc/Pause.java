package dev.tidemill.gateway.grpc;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.gateway.table.ReplicaTable;
import dev.tidemill.gateway.upstream.Call;
import io.grpc.Context;

/// A call's wait, which ends when its client leaves.
final class Pause {
    private Pause() {}

    /// Waits for another table than the one given, or for the time.
    ///
    /// @throws TidemillException `CANCELLED`
    static void until(GrpcParts parts, ReplicaTable table, long nanos) throws InterruptedException {
        Context context = Context.current();
        try (Call waiting = new Call(null, nanos)) {
            Context.CancellationListener leaving = _ -> waiting.leave();
            context.addListener(leaving, Runnable::run);
            try {
                parts.live().awaitChange(table, waiting, nanos);
            } finally {
                context.removeListener(leaving);
            }
            if (waiting.hasLeft()) {
                throw new TidemillException(ErrorCode.CANCELLED, "the client left");
            }
        }
    }
}
