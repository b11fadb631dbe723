package dev.tidemill.rehearsal.study;

import dev.tidemill.rehearsal.Scene;
import dev.tidemill.rehearsal.study.Report.Result;
import dev.tidemill.rehearsal.study.Report.Stressed;
import dev.tidemill.rehearsal.token.TokenOutcome;
import dev.tidemill.rehearsal.trace.Trace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// One rehearsal: which settings to play, and what else to ask.
///
/// @param frontier families whose knobs are turned through; empty for none
/// @param stress whether to play what goes wrong, too
/// @param changes how many changed decisions to keep for each policy
public record Rehearsal(
        String title,
        Trace trace,
        Scene scene,
        Target target,
        int seeds,
        Player player,
        List<Setting> settings,
        List<Family> frontier,
        boolean stress,
        int changes,
        double pricePerHour,
        String currency,
        List<String> notes) {
    public Rehearsal {
        settings = List.copyOf(settings);
        frontier = List.copyOf(frontier);
        notes = List.copyOf(notes);
    }

    /// Is told how far it is.
    public interface Progress {
        void done(int replays, int of);
    }

    public Report run(Progress progress) {
        List<Setting> turned =
                frontier.stream().flatMap(each -> each.frontier(target).stream()).toList();
        List<Stress> stresses =
                stress
                        ? Stress.all(scene).stream()
                                .filter(each -> player.can(each.scene(), scene))
                                .toList()
                        : List.of();
        int all = settings.size() * (1 + stresses.size()) + turned.size();
        int done = 0;
        progress.done(done, all);
        Study study = new Study(scene, target, seeds, player);
        List<Result> results = new ArrayList<>();
        for (Setting setting : settings) {
            Curve curve = new Curve(scene.trace().minutes(), changes);
            Finding finding = study.find(setting, curve);
            results.add(new Result(finding, curve, Optional.ofNullable(study.gap(setting))));
            progress.done(++done, all);
        }
        Map<String, TokenOutcome> requests = new LinkedHashMap<>(player.requests());
        List<Finding> line = new ArrayList<>();
        for (Setting setting : turned) {
            line.add(study.find(setting, null));
            progress.done(++done, all);
        }
        List<Stressed> stressed = new ArrayList<>();
        for (Stress each : stresses) {
            Study hard = new Study(each.scene(), target, 1, player);
            List<Finding> findings = new ArrayList<>();
            for (Setting setting : settings) {
                findings.add(hard.find(setting, null));
                progress.done(++done, all);
            }
            stressed.add(new Stressed(each.name(), hard.oracleHours(), findings));
        }
        return new Report(
                title,
                trace,
                scene,
                target,
                seeds,
                study.oracle(),
                study.oracleHours(),
                study.staticHours(),
                results,
                line,
                stressed,
                Advice.of(candidates(results, line), target.late()),
                requests,
                pricePerHour,
                currency,
                notes);
    }

    /// What was played twice counts once.
    private static List<Finding> candidates(List<Result> results, List<Finding> line) {
        List<Finding> all = new ArrayList<>();
        Set<String> names = new LinkedHashSet<>();
        results.stream().map(Result::finding).forEach(all::add);
        all.addAll(line);
        return all.stream().filter(each -> names.add(each.name())).toList();
    }
}
