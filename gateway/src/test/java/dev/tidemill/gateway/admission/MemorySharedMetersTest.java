package dev.tidemill.gateway.admission;

import dev.tidemill.limits.Moment;
import dev.tidemill.limits.SharedMeters;
import dev.tidemill.testkit.MemorySharedMeters;
import dev.tidemill.testkit.SharedMetersContract;

/// What stands in for a Redis must do as one does.
final class MemorySharedMetersTest extends SharedMetersContract {
    private final MemorySharedMeters meters =
            new MemorySharedMeters(
                    () -> new Moment(System.nanoTime(), System.currentTimeMillis() / 1000));

    @Override
    protected SharedMeters meters() {
        return meters;
    }
}
