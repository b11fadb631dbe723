import dev.tidemill.rehearsal.MinuteReplay;
import dev.tidemill.rehearsal.Oracle;
import dev.tidemill.rehearsal.Outcome;
import dev.tidemill.rehearsal.Scene;
import dev.tidemill.rehearsal.Service;
import dev.tidemill.rehearsal.Tides;
import dev.tidemill.rehearsal.Watcher;
import dev.tidemill.rehearsal.study.Family;
import dev.tidemill.rehearsal.study.Target;
import dev.tidemill.rehearsal.study.Timetable;
import dev.tidemill.scaling.objective.ObjectivePolicy;
import dev.tidemill.scaling.objective.Schedule;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;

/// What a crowd that nobody foresees costs whoever scales: how often one is late who knows everything
/// else, with more or less in reserve; and what becomes of it when crowds are stated.
final class Crowds {
    /// For so long a stated crowd has its replicas.
    private static final int STATED_MINUTES = 60;

    private static final double[] MARGINS = {0, 0.4, 0.7, 1, 1.3, 1.6, 2, 2.5, 3};

    private final Tides.Drawn drawn;
    private final Service service;
    private final Target target;
    private final int seeds;
    private final double oracle;

    Crowds(Tides.Drawn drawn, Service service, Target target, int seeds) {
        this.drawn = drawn;
        this.service = service;
        this.target = target;
        this.seeds = seeds;
        this.oracle = Oracle.replicaHours(drawn.trace(), service, target.late(), target.bounds().min());
    }

    private record Point(double cost, double late) {}

    /// @param hpa late share of the best HPA at 1.2x the oracle
    String words(double hpa) {
        List<Point> even = new ArrayList<>();
        List<Point> inProportion = new ArrayList<>();
        for (int step = 0; step <= 30; step++) {
            even.add(surprised(1, step));
            inProportion.add(surprised(1 + step * 0.05, 0));
        }
        List<Point> stated = new ArrayList<>();
        for (double margin : MARGINS) {
            stated.add(play(((ObjectivePolicy) Family.MARGIN.at(target, margin).policy()).with(schedules()), seeds));
        }
        StringBuilder out = new StringBuilder();
        out.append("The crowds, ").append(drawn.crowds().size()).append(" in these days, come without warning. One who knows the future but for when a crowd begins")
                .append(", and hears of it in that very minute, orders what the next minutes need, and has it one lead later:\n\n")
                .append("| late at 1.2x the oracle | late | of the best HPA's |\n|---|---|---|\n");
        row(out, "the best HPA", hpa, hpa);
        row(out, "who knows all but when crowds begin, the rest of 1.2x an even reserve", lateAt(even, 1.2), hpa);
        row(out, "... the rest a reserve in proportion to what is needed", lateAt(inProportion, 1.2), hpa);
        row(out, "`margin`, told of the crowds by `schedules`", lateAt(stated, 1.2), hpa);
        double cost = Math.min(costAt(even, 0.2 * hpa), costAt(inProportion, 0.2 * hpa));
        out.append(
                Double.isFinite(cost)
                        ? String.format(
                                Locale.ROOT,
                                "%nA fifth of the best HPA's takes the one who is surprised %.2fx the oracle.%n%n",
                                cost)
                        : "\nA fifth of the best HPA's the one who is surprised does not reach with 30 replicas in reserve, nor at 2.5 times what is needed.\n\n");
        return out.toString();
    }

    private Point surprised(double times, int reserve) {
        int[] fleet = Oracle.surprised(drawn, service, target.late(), target.bounds().min(), times, reserve);
        return play(new Timetable("surprised", drawn.trace().startMillis(), Arrays.stream(fleet).boxed().toList()), 1);
    }

    private static void row(StringBuilder out, String who, double late, double hpa) {
        out.append(String.format(Locale.ROOT, "| %s | %.3f %% | %.3f |%n", who, 100 * late, late / hpa));
    }

    private Point play(dev.tidemill.scaling.Policy policy, int times) {
        double late = 0;
        double requests = 0;
        double hours = 0;
        for (int i = 0; i < times; i++) {
            Outcome outcome = MinuteReplay.run(Scene.of(drawn.trace(), service, 4).withSeed(1 + i), policy, Watcher.NONE);
            late += outcome.late();
            requests += outcome.requests();
            hours += outcome.replicaHours() / times;
        }
        return new Point(hours / oracle, late / requests);
    }

    /// What somebody would write down who knows of a sale: from its minute on what its top needs, on that
    /// day of the week.
    private List<Schedule> schedules() {
        int[] needs = Oracle.needs(drawn.trace(), service, target.late(), target.bounds().min());
        List<Schedule> all = new ArrayList<>();
        for (int begin : drawn.crowds()) {
            int end = Math.min(needs.length, begin + STATED_MINUTES);
            int most = Arrays.stream(needs, begin, end).max().orElse(1);
            DayOfWeek day = DayOfWeek.MONDAY.plus(begin / 1440);
            LocalTime from = LocalTime.ofSecondOfDay(begin % 1440 * 60L);
            all.add(new Schedule("crowd", EnumSet.of(day), from, from.plusMinutes(STATED_MINUTES), ZoneOffset.UTC, most));
        }
        return all;
    }

    private static double lateAt(List<Point> line, double cost) {
        double best = Double.POSITIVE_INFINITY;
        for (int i = 0; i < line.size(); i++) {
            Point at = line.get(i);
            if (at.cost() <= cost) {
                best = Math.min(best, at.late());
            }
            if (i > 0) {
                Point before = line.get(i - 1);
                if ((at.cost() - cost) * (before.cost() - cost) < 0) {
                    double share = (cost - before.cost()) / (at.cost() - before.cost());
                    best = Math.min(best, before.late() + share * (at.late() - before.late()));
                }
            }
        }
        return best;
    }

    private static double costAt(List<Point> line, double late) {
        return line.stream().filter(point -> point.late() <= late).mapToDouble(Point::cost).min().orElse(Double.POSITIVE_INFINITY);
    }
}
