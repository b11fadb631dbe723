package dev.tidemill.server.engine;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import java.util.concurrent.Semaphore;

/// A model's own limit of requests at a time, by its parameter `max_in_flight`.
final class InFlightLimit {
    private final String model;
    private final int most;
    private final Semaphore places;

    /// @param most `Integer.MAX_VALUE` for no limit
    InFlightLimit(String model, int most) {
        this.model = model;
        this.most = most;
        this.places = new Semaphore(most);
    }

    /// Only when it returns, [#leave] must follow.
    ///
    /// @throws TidemillException `OVERLOADED`
    void enter() {
        if (!places.tryAcquire()) {
            throw new TidemillException(
                    ErrorCode.OVERLOADED,
                    "model %s: '%d requests in flight' (expected: at most as many)"
                            .formatted(model, most));
        }
    }

    void leave() {
        places.release();
    }
}
