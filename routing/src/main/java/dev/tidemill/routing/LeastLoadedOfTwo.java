package dev.tidemill.routing;

import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/// Takes the less loaded of two random replicas among the most preferred ones. Two choices keep the
/// load even, and unlike the least loaded of all they do not send every gateway's next request to
/// the same new replica.
public record LeastLoadedOfTwo() implements ReplicaPicker {
    @Override
    public Pick pick(
            List<Candidate> replicas, Set<String> tried, long nowNanos, RandomGenerator random) {
        if (replicas.isEmpty()) {
            return new Pick.NoneReady();
        }
        for (Preference preference : Preference.values()) {
            int count = count(preference, replicas, tried, nowNanos);
            if (count > 0) {
                return preference == Preference.HOPELESS
                        ? new Pick.AllEjected(replicas.size(), firstEnd(replicas, nowNanos))
                        : choose(preference, count, replicas, tried, nowNanos, random);
            }
        }
        throw new IllegalStateException("every replica has a preference");
    }

    /// When every replica was tried and is ejected, or there is none.
    static Pick nobody(List<Candidate> replicas, long nowNanos) {
        return replicas.isEmpty()
                ? new Pick.NoneReady()
                : new Pick.AllEjected(replicas.size(), firstEnd(replicas, nowNanos));
    }

    private static Pick choose(
            Preference preference,
            int count,
            List<Candidate> replicas,
            Set<String> tried,
            long nowNanos,
            RandomGenerator random) {
        int nth = random.nextInt(count);
        int index = indexOf(nth, preference, replicas, tried, nowNanos);
        if (count > 1) {
            int other = random.nextInt(count - 1);
            int otherIndex =
                    indexOf(other < nth ? other : other + 1, preference, replicas, tried, nowNanos);
            if (replicas.get(otherIndex).inFlight() < replicas.get(index).inFlight()) {
                index = otherIndex;
            }
        }
        Candidate chosen = replicas.get(index);
        return new Pick.Chosen(index, chosen.id(), preference, chosen.inFlight(), count);
    }

    private static int count(
            Preference preference, List<Candidate> replicas, Set<String> tried, long nowNanos) {
        int count = 0;
        for (int i = 0; i < replicas.size(); i++) {
            if (preferenceOf(replicas.get(i), tried, nowNanos) == preference) {
                count++;
            }
        }
        return count;
    }

    private static int indexOf(
            int nth,
            Preference preference,
            List<Candidate> replicas,
            Set<String> tried,
            long nowNanos) {
        int seen = 0;
        for (int i = 0; i < replicas.size(); i++) {
            if (preferenceOf(replicas.get(i), tried, nowNanos) == preference && seen++ == nth) {
                return i;
            }
        }
        throw new IllegalStateException("fewer than " + nth + " replicas are " + preference);
    }

    private static Preference preferenceOf(Candidate replica, Set<String> tried, long nowNanos) {
        return Preference.of(tried.contains(replica.id()), replica.isEjected(nowNanos));
    }

    private static long firstEnd(List<Candidate> replicas, long nowNanos) {
        long left = Long.MAX_VALUE;
        for (Candidate replica : replicas) {
            left = Math.min(left, replica.ejectedUntilNanos() - nowNanos);
        }
        return nowNanos + left;
    }
}
