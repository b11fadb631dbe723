package dev.tidemill.scaling.hpa;

import dev.tidemill.scaling.hpa.MetricReading.Sample;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Which pods a metric may be averaged over.
///
/// @param ready how many count
/// @param unready counted as idle when growing, otherwise not at all
/// @param missing have no sample: the safe value for the direction stands in
/// @param ignored on their way out
record PodGroups(int ready, Set<String> unready, Set<String> missing, Set<String> ignored) {
    /// @param resource the readiness clock runs for `cpu` alone
    static PodGroups of(
            List<Pod> pods,
            Map<String, Sample> samples,
            String resource,
            HpaSettings settings,
            long now) {
        int ready = 0;
        Set<String> unready = new LinkedHashSet<>();
        Set<String> missing = new LinkedHashSet<>();
        Set<String> ignored = new LinkedHashSet<>();
        for (Pod pod : pods) {
            Sample sample = samples.get(pod.name());
            if (pod.deleting() || pod.phase() == Pod.Phase.FAILED) {
                ignored.add(pod.name());
            } else if (pod.phase() == Pod.Phase.PENDING) {
                unready.add(pod.name());
            } else if (sample == null) {
                missing.add(pod.name());
            } else if (resource.equals("cpu") && unreadyForCpu(pod, sample, settings, now)) {
                unready.add(pod.name());
            } else {
                ready++;
            }
        }
        return new PodGroups(ready, unready, missing, ignored);
    }

    private static boolean unreadyForCpu(Pod pod, Sample sample, HpaSettings settings, long now) {
        Long started = pod.startedAt();
        if (pod.ready() == Pod.Ready.ABSENT || started == null) {
            return true;
        }
        boolean saysUnready = pod.ready() == Pod.Ready.FALSE;
        if (started + settings.cpuInitialization().toMillis() > now) {
            return saysUnready || sample.at() < pod.readyChangedAt() + sample.windowMillis();
        }
        return saysUnready
                && started + settings.initialReadinessDelay().toMillis() > pod.readyChangedAt();
    }
}
