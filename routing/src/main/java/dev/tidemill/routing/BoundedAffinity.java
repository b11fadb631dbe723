package dev.tidemill.routing;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Sends requests that begin alike to the same replica, which has what they have in common in its
/// cache, unless it has too much to do: consistent hashing with bounded loads (Mirrokni, Thorup and
/// Zadimoghaddam, 2016), over rendezvous hashing, so that a replica that comes or goes moves only
/// its own share.
///
/// A replica may have `slack` times the mean of all in flight, the new request included, and always
/// one. Who has more is passed over for the next in the key's own order, which is the same every
/// time: a busy key has a few replicas of its own, and not a random one.
///
/// @param slack above 1; 1.25 keeps load as even as 25 % above the mean
public record BoundedAffinity(double slack) {
    public static final BoundedAffinity DEFAULT = new BoundedAffinity(1.25);

    public BoundedAffinity {
        if (!(slack > 1)) {
            throw new IllegalArgumentException(
                    "affinity slack: '%s' (expected: above 1)".formatted(slack));
        }
    }

    /// @param key the same for requests that begin alike
    /// @param replicas of the model, in any order
    /// @param tried ids of the replicas that failed this request already
    /// @param nowNanos monotonic time, of the same clock as the ejections
    public Pick pick(long key, List<Candidate> replicas, Set<String> tried, long nowNanos) {
        for (Preference preference : Preference.values()) {
            if (preference == Preference.HOPELESS) {
                break;
            }
            Pick found = among(preference, key, replicas, tried, nowNanos);
            if (found != null) {
                return found;
            }
        }
        // Nobody can be asked: the other rule says how long that lasts, and needs no chance for it.
        return LeastLoadedOfTwo.nobody(replicas, nowNanos);
    }

    private Pick.@Nullable Near among(
            Preference preference,
            long key,
            List<Candidate> replicas,
            Set<String> tried,
            long nowNanos) {
        long inFlight = 0;
        int count = 0;
        for (Candidate replica : replicas) {
            if (is(preference, replica, tried, nowNanos)) {
                inFlight += replica.inFlight();
                count++;
            }
        }
        if (count == 0) {
            return null;
        }
        int most = (int) Math.ceil(slack * (inFlight + 1) / count);
        int best = -1;
        long bestRank = 0;
        int first = -1;
        long firstRank = 0;
        for (int i = 0; i < replicas.size(); i++) {
            Candidate replica = replicas.get(i);
            if (!is(preference, replica, tried, nowNanos)) {
                continue;
            }
            long rank = rank(key, replica.id());
            if (first < 0 || rank > firstRank) {
                first = i;
                firstRank = rank;
            }
            // There is always one: all of them above the mean cannot be.
            if (replica.inFlight() < most && (best < 0 || rank > bestRank)) {
                best = i;
                bestRank = rank;
            }
        }
        Candidate chosen = replicas.get(best);
        return new Pick.Near(best, chosen.id(), preference, chosen.inFlight(), most, best == first);
    }

    private static boolean is(
            Preference preference, Candidate replica, Set<String> tried, long nowNanos) {
        return Preference.of(tried.contains(replica.id()), replica.isEjected(nowNanos))
                == preference;
    }

    private static long rank(long key, String id) {
        long hash = key;
        for (int i = 0; i < id.length(); i++) {
            hash = (hash ^ id.charAt(i)) * 0x100000001b3L;
        }
        // SplitMix64's last steps.
        hash = (hash ^ hash >>> 30) * 0xbf58476d1ce4e5b9L;
        hash = (hash ^ hash >>> 27) * 0x94d049bb133111ebL;
        return hash ^ hash >>> 31;
    }
}
