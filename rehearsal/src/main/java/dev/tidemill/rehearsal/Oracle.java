package dev.tidemill.rehearsal;

import dev.tidemill.scaling.objective.Queueing;

/// The smallest fleet that keeps the late share in every minute, for one who knows the future: what
/// is needed in a minute is ordered one start-up time before.
public final class Oracle {
    private Oracle() {}

    /// @return replica-hours, starting ones included
    public static double replicaHours(MinuteTrace trace, Service service, double late, int least) {
        int minutes = trace.minutes();
        int ahead = (int) Math.ceil(service.startUp().toMillis() / 60_000.0);
        int[] needs = new int[minutes];
        for (int i = 0; i < minutes; i++) {
            int need =
                    Queueing.replicas(
                            trace.count(i) / 60 * service.slotSeconds(),
                            service.slots(),
                            service.slotSeconds(),
                            service.limitSeconds(),
                            1,
                            late,
                            1_000_000);
            needs[i] = Math.max(least, need);
        }
        long sum = 0;
        for (int i = 0; i < minutes; i++) {
            int most = 0;
            for (int j = i; j <= Math.min(minutes - 1, i + ahead); j++) {
                most = Math.max(most, needs[j]);
            }
            sum += most;
        }
        return sum / 60.0;
    }
}
