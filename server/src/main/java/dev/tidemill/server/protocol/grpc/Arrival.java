package dev.tidemill.server.protocol.grpc;

import dev.tidemill.server.engine.InferenceCall;
import io.grpc.Context;
import io.grpc.Deadline;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// What is known of a call beside its message.
///
/// @param requestId the client's, or made here
/// @param bytes of the message that are not counted yet
/// @param deadline on the server's monotonic clock, in ns; [InferenceCall#NO_DEADLINE] when none
/// @param context gRPC's: cancelled when the client leaves or the deadline passes
public record Arrival(String requestId, int bytes, long deadline, Context context) {

    static Arrival now(String requestId, int bytes, LongSupplier nanos) {
        Context context = Context.current();
        return new Arrival(requestId, bytes, deadline(context, nanos), context);
    }

    /// Whether nobody waits for the answer any more.
    public boolean cancelled() {
        return context.isCancelled();
    }

    private static long deadline(Context context, LongSupplier nanos) {
        Deadline deadline = context.getDeadline();
        if (deadline == null) {
            return InferenceCall.NO_DEADLINE;
        }
        long left = deadline.timeRemaining(TimeUnit.NANOSECONDS);
        long now = nanos.getAsLong();
        long at = now + left;
        return left > 0 && at < now ? InferenceCall.NO_DEADLINE : at;
    }
}
