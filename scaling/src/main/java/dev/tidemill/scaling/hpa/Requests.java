package dev.tidemill.scaling.hpa;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What pods ask for of one resource, which utilisation is a share of.
final class Requests {
    private Requests() {}

    /// @param container empty for the whole pod
    /// @return milli-units by pod, for every pod of the list
    /// @throws MetricFailure when any container that counts asks for nothing, even in a pod that is
    ///   on its way out
    static Map<String, Long> of(
            List<Pod> pods, String container, String resource, boolean podLevelResources) {
        Map<String, Long> requests = HashMap.newHashMap(pods.size());
        for (Pod pod : pods) {
            boolean own = podLevelResources && container.isEmpty() && !pod.ownRequests().isEmpty();
            requests.put(
                    pod.name(),
                    own ? ofPod(pod, resource) : ofContainers(pod, container, resource));
        }
        return requests;
    }

    private static long ofContainers(Pod pod, String container, String resource) {
        long sum = 0;
        for (Pod.Container each : pod.containers()) {
            sum += ofContainer(pod, each, container, resource);
        }
        for (Pod.Container each : pod.initContainers()) {
            if (each.restartable()) {
                sum += ofContainer(pod, each, container, resource);
            }
        }
        return sum;
    }

    private static long ofContainer(Pod pod, Pod.Container each, String only, String resource) {
        if (!only.isEmpty() && !only.equals(each.name())) {
            return 0;
        }
        Long request = each.requests().get(resource);
        if (request == null) {
            throw new MetricFailure(
                    "missing request for %s in container %s of Pod %s"
                            .formatted(resource, each.name(), pod.name()));
        }
        return request;
    }

    /// A pod with requests of its own that do not name this resource falls back to what the
    /// scheduler would reserve for it, where silence means zero.
    private static long ofPod(Pod pod, String resource) {
        Long own = pod.ownRequests().get(resource);
        if (own != null) {
            return own;
        }
        long running = 0;
        for (Pod.Container each : pod.containers()) {
            running += each.requests().getOrDefault(resource, 0L);
        }
        long sidecars = 0;
        long starting = 0;
        for (Pod.Container each : pod.initContainers()) {
            long request = each.requests().getOrDefault(resource, 0L);
            if (each.restartable()) {
                sidecars += request;
                starting = Math.max(starting, sidecars);
            } else {
                starting = Math.max(starting, sidecars + request);
            }
        }
        return Math.max(running + sidecars, starting);
    }
}
