package dev.tidemill.rehearsal;

import dev.tidemill.scaling.objective.Queueing;
import java.util.HashMap;
import java.util.Map;

/// The smallest fleet that keeps the late share in every minute, for one who knows the future: what
/// is needed in a minute is ordered one start-up time before.
public final class Oracle {
    private static final int MOST = 1_000_000;

    private Oracle() {}

    /// @return replica-hours, starting ones included
    public static double replicaHours(MinuteTrace trace, Service service, double late, int least) {
        long sum = 0;
        for (int each : fleet(trace, service, late, least)) {
            sum += each;
        }
        return sum / 60.0;
    }

    /// What it has ordered in each minute.
    public static int[] fleet(MinuteTrace trace, Service service, double late, int least) {
        int ahead = (int) Math.ceil(service.startUp().toMillis() / 60_000.0);
        int[] needs = needs(trace, service, late, least);
        int[] fleet = new int[needs.length];
        for (int i = 0; i < needs.length; i++) {
            int most = 0;
            for (int j = i; j <= Math.min(needs.length - 1, i + ahead); j++) {
                most = Math.max(most, needs[j]);
            }
            fleet[i] = most;
        }
        return fleet;
    }

    /// The same for one who knows the future but for the crowds: of each it hears when it begins,
    /// and from then on it knows that one too. What it orders then is ready one start-up later;
    /// until then the reserve has to do, whatever the policy.
    ///
    /// @param times what it needs that it always has, 1 for no more
    /// @param reserve replicas that it always has on top
    public static int[] surprised(
            Tides.Drawn drawn, Service service, double late, int least, double times, int reserve) {
        int ahead = (int) Math.ceil(service.startUp().toMillis() / 60_000.0);
        int[] needs = needs(drawn.trace(), service, late, least);
        int[] calm = needs(drawn.calm(), service, late, least);
        int[] fleet = new int[needs.length];
        int heard = -1;
        for (int i = 0; i < needs.length; i++) {
            heard +=
                    heard + 1 < drawn.crowds().size() && drawn.crowds().get(heard + 1) <= i ? 1 : 0;
            int next =
                    heard + 1 < drawn.crowds().size()
                            ? drawn.crowds().get(heard + 1)
                            : needs.length;
            int most = 0;
            for (int j = i; j <= Math.min(needs.length - 1, i + ahead); j++) {
                most = Math.max(most, j < next ? needs[j] : calm[j]);
            }
            fleet[i] = (int) Math.rint(most * times) + reserve;
        }
        return fleet;
    }

    /// What each minute alone needs.
    public static int[] needs(MinuteTrace trace, Service service, double late, int least) {
        Map<Double, Integer> known = new HashMap<>();
        int[] needs = new int[trace.minutes()];
        for (int i = 0; i < needs.length; i++) {
            int need =
                    known.computeIfAbsent(
                            trace.count(i),
                            count ->
                                    Queueing.replicas(
                                            count / 60 * service.slotSeconds(),
                                            service.slots(),
                                            service.slotSeconds(),
                                            service.limitSeconds(),
                                            1,
                                            late,
                                            MOST));
            needs[i] = Math.max(least, need);
        }
        return needs;
    }
}
