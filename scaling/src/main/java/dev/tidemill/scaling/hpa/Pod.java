package dev.tidemill.scaling.hpa;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A pod as far as scaling looks at it.
///
/// @param startedAt null before it was started
/// @param readyChangedAt when `ready` last changed
/// @param initContainers those that are to be restarted count for requests like any other
/// @param ownRequests requests of the pod as a whole, milli-units by resource; empty for none
public record Pod(
        String name,
        Phase phase,
        boolean deleting,
        Ready ready,
        @Nullable Long startedAt,
        long readyChangedAt,
        List<Container> containers,
        List<Container> initContainers,
        Map<String, Long> ownRequests) {
    /// `status.phase`.
    public enum Phase {
        PENDING,
        RUNNING,
        SUCCEEDED,
        FAILED,
        UNKNOWN
    }

    /// The condition `Ready`, which may be missing.
    public enum Ready {
        TRUE,
        FALSE,
        UNKNOWN,
        ABSENT
    }

    /// @param requests milli-units by resource
    /// @param restartable of an init container that keeps running beside the others
    public record Container(String name, Map<String, Long> requests, boolean restartable) {
        public Container {
            requests = Map.copyOf(requests);
        }
    }

    public Pod {
        containers = List.copyOf(containers);
        initContainers = List.copyOf(initContainers);
        ownRequests = Map.copyOf(ownRequests);
    }

    boolean serving() {
        return phase == Phase.RUNNING && ready == Ready.TRUE;
    }
}
