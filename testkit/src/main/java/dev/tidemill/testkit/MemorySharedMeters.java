package dev.tidemill.testkit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.limits.Amount;
import dev.tidemill.limits.Moment;
import dev.tidemill.limits.Quota;
import dev.tidemill.limits.QuotaDecision;
import dev.tidemill.limits.SharedMeters;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/// Shared meters in this process, which can be lost and come back.
public final class MemorySharedMeters implements SharedMeters {
    private final Object lock = new Object();
    private final Supplier<Moment> clock;

    @GuardedBy("lock")
    private final Map<String, Quota.Use> uses = new HashMap<>();

    @GuardedBy("lock")
    private final Map<String, Map<String, Long>> leases = new HashMap<>();

    @GuardedBy("lock")
    private final Set<String> open = new HashSet<>();

    private volatile boolean lost;

    public MemorySharedMeters(Supplier<Moment> clock) {
        this.clock = clock;
    }

    /// Whether nothing answers.
    public void lost(boolean now) {
        lost = now;
    }

    @Override
    public List<QuotaDecision> reserve(Request request) {
        check();
        synchronized (lock) {
            Moment now = clock.get();
            List<QuotaDecision> decisions = new ArrayList<>();
            for (Claim claim : request.claims()) {
                Quota.Use use = use(claim, now);
                QuotaDecision decision =
                        open.contains(request.id())
                                ? new QuotaDecision.Granted(use)
                                : claim.quota().decide(use, request.estimate(), now);
                decisions.add(decision);
                if (decision instanceof QuotaDecision.Exceeded) {
                    return decisions;
                }
            }
            open.add(request.id());
            for (int i = 0; i < decisions.size(); i++) {
                String meter = request.claims().get(i).meter();
                uses.put(meter, decisions.get(i).use());
                leases.computeIfAbsent(meter, _ -> new HashMap<>())
                        .put(request.id(), now.nanos() + request.leaseMillis() * 1_000_000);
            }
            return decisions;
        }
    }

    @Override
    public void settle(Request request, List<Long> days, Amount actual) {
        check();
        synchronized (lock) {
            if (!open.remove(request.id())) {
                return;
            }
            Moment now = clock.get();
            for (int i = 0; i < request.claims().size(); i++) {
                Claim claim = request.claims().get(i);
                uses.put(
                        claim.meter(),
                        claim.quota()
                                .settle(
                                        use(claim, now),
                                        request.estimate(),
                                        days.get(i),
                                        actual,
                                        now));
                leases.getOrDefault(claim.meter(), new HashMap<>()).remove(request.id());
            }
        }
    }

    @Override
    public void check() {
        if (lost) {
            throw new TidemillException(ErrorCode.UNAVAILABLE, "meters: 'lost' (expected: here)");
        }
    }

    @Override
    public void close() {}

    @GuardedBy("lock")
    private Quota.Use use(Claim claim, Moment now) {
        Map<String, Long> own = leases.computeIfAbsent(claim.meter(), _ -> new HashMap<>());
        own.values().removeIf(end -> end - now.nanos() <= 0);
        Quota.Use known = uses.computeIfAbsent(claim.meter(), _ -> claim.quota().unused(now));
        return new Quota.Use(known.requests(), known.tokens(), own.size(), known.money());
    }
}
