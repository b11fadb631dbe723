package dev.tidemill.rehearsal.study;

import dev.tidemill.rehearsal.Outcome;
import dev.tidemill.rehearsal.Scene;
import dev.tidemill.rehearsal.Watcher;
import dev.tidemill.rehearsal.token.RequestReplay;
import dev.tidemill.rehearsal.token.TokenOutcome;
import dev.tidemill.rehearsal.token.TokenScene;
import dev.tidemill.rehearsal.trace.RequestSource;
import dev.tidemill.scaling.Limit;
import dev.tidemill.scaling.Policy;
import dev.tidemill.scaling.Signals;
import dev.tidemill.scaling.Verdict;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/// Plays requests one by one. Faults of a scene are put between the policy and its target.
public final class RequestPlayer implements Player {
    private final TokenScene settings;
    private final LongFunction<RequestSource> source;
    private final Map<String, TokenOutcome> requests = new LinkedHashMap<>();

    /// @param settings of everything but what the scene says
    /// @param source begins anew for each replay, by its seed
    public RequestPlayer(TokenScene settings, LongFunction<RequestSource> source) {
        this.settings = settings;
        this.source = source;
    }

    @Override
    public Outcome play(Scene scene, Policy policy, Watcher watcher) {
        TokenScene played =
                new TokenScene(
                        settings.cost(),
                        Duration.ofMillis(
                                Math.round(settings.startUp().toMillis() * scene.startFactor())),
                        settings.waitLimit(),
                        scene.late(),
                        settings.perNode(),
                        settings.nodeStart(),
                        settings.drain(),
                        scene.replicas(),
                        settings.meanHoursBetweenFailures(),
                        settings.updates(),
                        scene.seed());
        TokenOutcome outcome =
                RequestReplay.run(
                        played,
                        source.apply(scene.seed()),
                        scene.faults().isEmpty() ? policy : faulty(scene, policy),
                        watcher);
        requests.put(policy.name(), outcome);
        return outcome.outcome();
    }

    @Override
    public Map<String, TokenOutcome> requests() {
        return requests;
    }

    /// Requests come from a file: other demand would be another file.
    @Override
    public boolean can(Scene variant, Scene scene) {
        return variant.trace() == scene.trace();
    }

    private static Policy faulty(Scene scene, Policy policy) {
        return new Policy() {
            @Override
            public String name() {
                return policy.name();
            }

            @Override
            public Session start() {
                Session session = policy.start();
                return seen -> {
                    int minute = (int) ((seen.atMillis() - scene.trace().startMillis()) / 60_000);
                    Signals read =
                            scene.silent(minute)
                                    ? Signals.at(seen.atMillis(), seen.ordered(), seen.ready())
                                            .build()
                                    : seen;
                    Verdict verdict = session.decide(read);
                    return scene.soldOut(minute) && verdict.replicas() > seen.ordered()
                            ? soldOut(verdict)
                            : verdict;
                };
            }
        };
    }

    private static Verdict soldOut(Verdict verdict) {
        int stays = verdict.seen().ordered();
        return new Verdict(
                verdict.seen(),
                verdict.policy(),
                verdict.rule(),
                verdict.wanted(),
                List.of(Limit.MAX),
                stays,
                () -> verdict.reason() + ", but no node is to be had: " + stays + " stay");
    }
}
