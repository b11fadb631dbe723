package dev.tidemill.scaling.objective;

import dev.tidemill.scaling.Limit;
import dev.tidemill.scaling.Verdict;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The numbers between signals and replicas, and their words.
///
/// @param burst rate of one that began, which is more than chance; 0 for none
/// @param planned rate that the replicas are for: forecast and margin
/// @param load slots that it keeps busy, backlog included
record Plan(
        Objective objective,
        Forecast forecast,
        double margin,
        double burst,
        double planned,
        double load,
        int slots,
        double slotSeconds,
        long leadMillis,
        long holdMillis,
        int wanted,
        List<Limit> limits,
        int replicas)
        implements Verdict.Account {
    @Override
    public String sentence() {
        String need =
                String.format(
                        Locale.ROOT,
                        "%.2f requests/s now, %s, %.2f with %s: %.1f busy"
                                + " slots need %d of %d each for at most %s %% over %s s",
                        forecast.level(),
                        expected(),
                        planned,
                        burst > 0 && burst == planned ? "a burst" : "margin",
                        load,
                        wanted,
                        slots,
                        number(objective.late() * 100),
                        number(objective.latency().toMillis() / 1000.0));
        if (replicas == wanted || limits.isEmpty()) {
            return need;
        }
        return need + ", but " + because(limits.getLast());
    }

    /// In the first minute it says why less is planned for than came.
    private String expected() {
        return forecast.sure() < 1
                ? String.format(
                        Locale.ROOT,
                        "%.2f beyond chance as the first minute has it",
                        forecast.rate())
                : String.format(
                        Locale.ROOT,
                        "%.2f expected within %d s",
                        forecast.rate(),
                        leadMillis / 1000);
    }

    private String because(Limit limit) {
        return switch (limit) {
            case HOLD ->
                    "%d were needed within the last %d s".formatted(replicas, holdMillis / 1000);
            case BURST -> "a burst suspends shrinking, so %d stay".formatted(replicas);
            case SCHEDULE -> "a schedule asks for %d".formatted(replicas);
            case ACTIVATION -> "one stays until it was quiet for long enough";
            default -> "%s is %d".formatted(limit.label(), replicas);
        };
    }

    @Override
    public Map<String, Double> figures() {
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("level", forecast.level());
        figures.put("forecast", forecast.rate());
        figures.put("seasonal", forecast.seasonal());
        figures.put("spread", forecast.spread());
        if (forecast.sure() < 1) {
            figures.put("sure", forecast.sure());
        }
        figures.put("margin", margin);
        if (burst > 0) {
            figures.put("burst", burst);
        }
        figures.put("planned", planned);
        figures.put("load", load);
        figures.put("slots", (double) slots);
        figures.put("slot seconds", slotSeconds);
        figures.put("lead seconds", leadMillis / 1000.0);
        figures.put("hold seconds", holdMillis / 1000.0);
        return figures;
    }

    private static String number(double value) {
        return value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value);
    }
}
