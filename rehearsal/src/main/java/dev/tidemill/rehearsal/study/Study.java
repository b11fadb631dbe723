package dev.tidemill.rehearsal.study;

import dev.tidemill.rehearsal.Day;
import dev.tidemill.rehearsal.MinuteReplay;
import dev.tidemill.rehearsal.Oracle;
import dev.tidemill.rehearsal.Outcome;
import dev.tidemill.rehearsal.Scene;
import dev.tidemill.rehearsal.Watcher;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Replays one scene with as many settings as are asked for, against the same oracle.
public final class Study {
    private static final int DAY = 1440;

    private final Player player;
    private final Scene scene;
    private final Target target;
    private final int seeds;
    private final int[] oracle;
    private final double[] oracleDays;
    private final Bootstrap bootstrap;

    /// By minutes.
    ///
    /// @param seeds how many, from the scene's own on; one for a scene whose arrivals are even
    public Study(Scene scene, Target target, int seeds) {
        this(scene, target, seeds, MinuteReplay::run);
    }

    /// By whichever engine.
    public Study(Scene scene, Target target, int seeds, Player player) {
        this.player = player;
        this.scene = scene;
        this.target = target;
        this.seeds = Math.max(1, seeds);
        this.oracle =
                Oracle.fleet(scene.trace(), scene.service(), target.late(), target.bounds().min());
        this.oracleDays = days(oracle);
        this.bootstrap = new Bootstrap(oracleDays.length, scene.seed());
    }

    public Scene scene() {
        return scene;
    }

    public Target target() {
        return target;
    }

    public int seeds() {
        return seeds;
    }

    /// What the fleet of one who knows the future has ordered, by minute.
    public int[] oracle() {
        return oracle.clone();
    }

    public double oracleHours() {
        double sum = 0;
        for (double day : oracleDays) {
            sum += day;
        }
        return sum;
    }

    /// A fleet that always suffices for the busiest minute.
    public double staticHours() {
        return target.peak() * scene.trace().minutes() / 60.0;
    }

    public Bootstrap bootstrap() {
        return bootstrap;
    }

    /// @param curve of the first seed's replay; null for none
    public Finding find(Setting setting, @Nullable Curve curve) {
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < seeds; i++) {
            Watcher watcher = i == 0 && curve != null ? curve : Watcher.NONE;
            outcomes.add(player.play(scene.withSeed(scene.seed() + i), setting.policy(), watcher));
        }
        return found(setting, outcomes);
    }

    /// Where the cost above the oracle's goes.
    ///
    /// @return null for policies that do not plan by a forecast
    public @Nullable Gap gap(Setting setting) {
        GapWatcher watcher = new GapWatcher(target, oracle, scene.trace().startMillis());
        player.play(scene, setting.policy(), watcher);
        return watcher.gap();
    }

    private Finding found(Setting setting, List<Outcome> outcomes) {
        double[] late = new double[oracleDays.length];
        double[] requests = new double[oracleDays.length];
        double[] hours = new double[oracleDays.length];
        for (Outcome outcome : outcomes) {
            for (int day = 0; day < outcome.days().size(); day++) {
                Day each = outcome.days().get(day);
                // A replay by requests may run a little over into a day that the trace does not
                // have: what begins then came the day before. Its hours are not compared.
                int of = Math.min(day, late.length - 1);
                late[of] += each.late() / seeds;
                requests[of] += each.requests() / seeds;
                hours[of] += day == of ? each.replicaHours() / seeds : 0;
            }
        }
        return new Finding(
                setting,
                outcomes,
                sum(late) / sum(requests),
                bootstrap.ratio(late, requests),
                sum(hours) / oracleHours(),
                bootstrap.ratio(hours, oracleDays));
    }

    private static double sum(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum;
    }

    private static double[] days(int[] fleet) {
        double[] days = new double[Math.max(1, (fleet.length + DAY - 1) / DAY)];
        for (int minute = 0; minute < fleet.length; minute++) {
            days[minute / DAY] += fleet[minute] / 60.0;
        }
        return days;
    }
}
