package dev.tidemill.stores.redis;

import dev.tidemill.limits.Amount;
import dev.tidemill.limits.Budget;
import dev.tidemill.limits.Quota;
import dev.tidemill.limits.QuotaDecision;
import dev.tidemill.limits.Rate;
import dev.tidemill.limits.SharedMeters;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The keys and arguments of `meters.lua`, and what it answers.
///
/// @param clock only for a zone's distance to UTC; what day it is Redis's clock says
record MeterScript(String space, InstantSource clock) {
    private static final int HEAD = 7;
    private static final int EACH = 8;
    private static final int ANSWERED_EACH = 5;
    private static final QuotaDecision.What[] USED_UP = {
        QuotaDecision.What.CONCURRENT,
        QuotaDecision.What.REQUESTS,
        QuotaDecision.What.TOKENS,
        QuotaDecision.What.MONEY
    };
    private static final List<Long> NO_DAYS = List.of();
    private static final String ZERO = "0";

    String[] keys(SharedMeters.Request request) {
        String[] keys = new String[2 * request.claims().size() + 1];
        for (int i = 0; i < request.claims().size(); i++) {
            String key = "tidemill:{" + space + "}:" + request.claims().get(i).meter();
            keys[2 * i] = key;
            keys[2 * i + 1] = key + ":leases";
        }
        keys[keys.length - 1] = "tidemill:{" + space + "}:reservation:" + request.id();
        return keys;
    }

    String[] reserve(SharedMeters.Request request) {
        return arguments("reserve", request, Amount.NONE, NO_DAYS);
    }

    String[] settle(SharedMeters.Request request, List<Long> days, Amount actual) {
        return arguments("settle", request, actual, days);
    }

    String[] undo(SharedMeters.Request request, List<Long> days) {
        return arguments("undo", request, Amount.NONE, days);
    }

    private String[] arguments(
            String what, SharedMeters.Request request, Amount used, List<Long> days) {
        String[] arguments = new String[HEAD + EACH * request.claims().size()];
        arguments[0] = what;
        arguments[1] = request.id();
        arguments[2] = Long.toString(request.estimate().tokens());
        arguments[3] = Long.toString(request.estimate().cost());
        arguments[4] = Long.toString(used.tokens());
        arguments[5] = Long.toString(used.cost());
        arguments[6] = Long.toString(request.leaseMillis() * 1000);
        for (int i = 0; i < request.claims().size(); i++) {
            int at = HEAD + EACH * i;
            Quota quota = request.claims().get(i).quota();
            rate(arguments, at, quota.requests());
            rate(arguments, at + 2, quota.tokens());
            arguments[at + 4] = quota.concurrent().map(String::valueOf).orElse(ZERO);
            Optional<Budget> budget = quota.budget();
            arguments[at + 5] = budget.map(b -> Long.toString(b.perDay())).orElse(ZERO);
            arguments[at + 6] =
                    budget.map(b -> Integer.toString(b.offsetSeconds(clock.millis() / 1000)))
                            .orElse(ZERO);
            arguments[at + 7] = days.isEmpty() ? ZERO : Long.toString(days.get(i));
        }
        return arguments;
    }

    private static void rate(String[] arguments, int at, Optional<Rate> rate) {
        arguments[at] = rate.map(r -> Long.toString(r.perMinute())).orElse(ZERO);
        arguments[at + 1] = rate.map(r -> Long.toString(r.burst())).orElse(ZERO);
    }

    static List<QuotaDecision> decisions(SharedMeters.Request request, List<Object> answer) {
        int told = (answer.size() - 2) / ANSWERED_EACH;
        int usedUp = Integer.parseInt(answer.getLast().toString());
        List<QuotaDecision> decisions = new ArrayList<>(told);
        for (int i = 0; i < told; i++) {
            Quota quota = request.claims().get(i).quota();
            Quota.Use use = use(quota, answer, 1 + ANSWERED_EACH * i);
            if (usedUp == 0 || i < told - 1) {
                decisions.add(new QuotaDecision.Granted(use));
            } else {
                long second = Long.parseLong(answer.getFirst().toString());
                decisions.add(quota.exceeded(use, USED_UP[usedUp - 1], request.estimate(), second));
            }
        }
        return decisions;
    }

    private static Quota.Use use(Quota quota, List<Object> answer, int at) {
        return new Quota.Use(
                new Rate.Level(quota.requests().isPresent() ? number(answer, at) : 0, 0),
                new Rate.Level(quota.tokens().isPresent() ? number(answer, at + 1) : 0, 0),
                (int) number(answer, at + 2),
                new Budget.Level((long) number(answer, at + 3), (long) number(answer, at + 4)));
    }

    private static double number(List<Object> answer, int at) {
        return Double.parseDouble(answer.get(at).toString());
    }
}
