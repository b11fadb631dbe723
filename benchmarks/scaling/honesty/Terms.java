import dev.tidemill.rehearsal.Watcher;
import dev.tidemill.scaling.Signal;
import dev.tidemill.scaling.Verdict;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/// What decisions were made of, minute by minute: the means of what was seen and of every figure of
/// the decision. Those of a live run beside those of rehearsals show which of them makes a difference.
final class Terms implements Watcher {
    private static final int EVERY = 5;

    private final long startMillis;
    private final int minutes;
    private final Map<String, double[]> sums = new LinkedHashMap<>();
    private final Map<String, int[]> counts = new LinkedHashMap<>();

    Terms(long startMillis, int minutes) {
        this.startMillis = startMillis;
        this.minutes = minutes;
    }

    @Override
    public void decided(Verdict verdict) {
        int minute = (int) ((verdict.seen().atMillis() - startMillis - 1) / 60_000);
        if (minute < 0 || minute >= minutes) {
            return;
        }
        add(minute, "ordered", verdict.seen().ordered());
        add(minute, "wanted", verdict.wanted());
        add(minute, "arrivals", verdict.seen().get(Signal.ARRIVALS));
        add(minute, "in flight", verdict.seen().get(Signal.IN_FLIGHT));
        add(minute, "late seen", verdict.seen().get(Signal.LATE));
        verdict.account().figures().forEach((name, value) -> add(minute, name, value));
    }

    private void add(int minute, String name, double value) {
        if (Double.isFinite(value)) {
            sums.computeIfAbsent(name, _ -> new double[minutes])[minute] += value;
            counts.computeIfAbsent(name, _ -> new int[minutes])[minute]++;
        }
    }

    private double mean(String name, int from, int to) {
        double sum = 0;
        int count = 0;
        for (int minute = from; minute < to; minute++) {
            sum += sums.containsKey(name) ? sums.get(name)[minute] : 0;
            count += counts.containsKey(name) ? counts.get(name)[minute] : 0;
        }
        return count == 0 ? Double.NaN : sum / count;
    }

    /// Live and rehearsed, of every five minutes.
    static String beside(Terms live, Terms rehearsed) {
        TreeSet<String> names = new TreeSet<>(live.sums.keySet());
        names.addAll(rehearsed.sums.keySet());
        StringBuilder table = new StringBuilder("| minutes |");
        names.forEach(name -> table.append(' ').append(name).append(" |"));
        table.append("\n|---|").append("---|".repeat(names.size())).append('\n');
        for (int from = 0; from < live.minutes; from += EVERY) {
            int to = Math.min(from + EVERY, live.minutes);
            table.append("| %d - %d |".formatted(from, to));
            for (String name : names) {
                table.append(String.format(Locale.ROOT, " %.2f / %.2f |", live.mean(name, from, to), rehearsed.mean(name, from, to)));
            }
            table.append('\n');
        }
        return table.toString();
    }
}
