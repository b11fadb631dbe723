package dev.tidemill.server.batching;

import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/// Lets answers go in the order in which their requests came, where the configuration wants that.
/// Places are given out under the queue's lock; waiting for one's turn needs none.
final class AnswerOrder {
    private @Nullable CountDownLatch last;

    /// Behind all that have a place.
    Place append() {
        Place place = new Place(last, new CountDownLatch(1));
        last = place.gone;
        return place;
    }

    /// One request's place. [#leave] must follow, whatever became of the request.
    static final class Place {
        private @Nullable CountDownLatch before;
        private final CountDownLatch gone;

        private Place(@Nullable CountDownLatch before, CountDownLatch gone) {
            this.before = before;
            this.gone = gone;
        }

        /// Until the request before this one has gone. An interrupt is kept for later: if one whose
        /// client has left went now, those behind it would overtake those before it.
        void await() {
            CountDownLatch awaited = before;
            before = null;
            boolean interrupted = false;
            while (awaited != null) {
                try {
                    awaited.await();
                    awaited = null;
                } catch (InterruptedException _) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        void leave() {
            gone.countDown();
        }
    }
}
