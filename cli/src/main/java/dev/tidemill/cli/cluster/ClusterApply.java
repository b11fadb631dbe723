package dev.tidemill.cli.cluster;

import dev.tidemill.cluster.Cluster;
import dev.tidemill.cluster.Kinds;
import dev.tidemill.cluster.ObjectRef;
import dev.tidemill.cluster.apply.Applier;
import dev.tidemill.cluster.apply.Change;
import dev.tidemill.cluster.apply.ObjectSet;
import dev.tidemill.cluster.apply.Release;
import dev.tidemill.cluster.apply.Releases;
import dev.tidemill.cluster.rollout.RolloutWait;
import dev.tidemill.manifests.Names;
import dev.tidemill.manifests.Platform;
import dev.tidemill.spec.Model;
import dev.tidemill.spec.Training;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/// Brings a cluster to a set of objects, waits until it runs, and only then removes what is no
/// longer wanted: what served before serves until its successor does.
///
/// @param limit of the whole wait
/// @param nanos a monotonic clock
public record ClusterApply(
        Cluster cluster,
        Wishes wishes,
        Duration limit,
        InstantSource clock,
        LongSupplier nanos,
        PrintStream out) {
    /// All was applied and all runs.
    public static final int RUNS = 0;

    /// All was applied, and something does not come up.
    public static final int NOT_UP = 3;

    private static final Set<String> WORKLOADS = Set.of("Deployment", "StatefulSet");

    /// @param settle whether to wait until all of it runs, which trainings need
    /// @param prune what is not in the set any more
    public record Wishes(boolean settle, boolean prune) {}

    /// What a file brings beside its objects.
    private record Contents(List<Model> models, List<Training> trainings, Path folder) {}

    /// Only says what would be done.
    public int dryRun(Platform platform) {
        ObjectSet objects = ClusterWork.objects(cluster, platform);
        Applier applier = new Applier(cluster, change -> out.println(change + " (dry run)"));
        var _ = applier.apply(objects, true);
        if (wishes.prune()) {
            var _ = applier.prune(objects, true);
        }
        return RUNS;
    }

    /// @param folder of the file
    public int apply(Platform platform, List<Training> trainings, Path folder)
            throws InterruptedException {
        return run(
                ClusterWork.objects(cluster, platform),
                Optional.of(new Contents(platform.models(), trainings, folder)),
                "apply");
    }

    /// Goes back to what ran before, or to a release by its number.
    public int rollback(Optional<Integer> number) throws InterruptedException {
        Release release = ClusterWork.releases(cluster).before(number);
        out.println("release %d of %s".formatted(release.number(), release.at()));
        return run(release.objects(), Optional.empty(), "rollback to release " + release.number());
    }

    private int run(ObjectSet objects, Optional<Contents> contents, String note)
            throws InterruptedException {
        long begin = nanos.getAsLong();
        Applier applier = new Applier(cluster, out::println);
        List<Change> changes = new ArrayList<>(applier.apply(part(objects, false), false));
        new ClusterSecrets(cluster)
                .ensure(objects)
                .forEach(name -> out.println("secret/%s created".formatted(name)));
        changes.addAll(applier.apply(part(objects, true), false));
        Releases releases = ClusterWork.releases(cluster);
        Release release = record(releases, objects, changes, note);
        if (wishes.settle()) {
            Optional<RolloutWait.Failure> failure = settle(objects, contents, begin);
            if (failure.isPresent()) {
                FailureText.lines(failure.get(), limit, release.number()).forEach(out::println);
                return NOT_UP;
            }
        }
        if (wishes.prune()) {
            var _ = applier.prune(objects, false);
        }
        if (wishes.settle() && !release.settled()) {
            releases.settled(release);
        }
        out.println(
                "release %d %s after %s"
                        .formatted(
                                release.number(),
                                wishes.settle() ? "runs" : "applied",
                                seconds(begin)));
        return RUNS;
    }

    /// Nothing is written when nothing changed.
    private Release record(
            Releases releases, ObjectSet objects, List<Change> changes, String note) {
        boolean same = changes.stream().allMatch(c -> c.kind() == Change.Kind.UNCHANGED);
        List<Release> all = releases.all();
        // As texts: what was read again has other classes of numbers.
        return same
                        && !all.isEmpty()
                        && Trees.write(all.getFirst().objects().trees())
                                .equals(Trees.write(objects.trees()))
                ? all.getFirst()
                : releases.add(objects, clock.instant(), note);
    }

    private Optional<RolloutWait.Failure> settle(
            ObjectSet objects, Optional<Contents> contents, long begin)
            throws InterruptedException {
        RolloutWait wait = new RolloutWait(cluster, nanos, Thread::sleep, out::println);
        List<ObjectRef> workloads = workloads(objects);
        if (contents.isPresent() && isAnythingToBring(contents.get())) {
            Optional<RolloutWait.Failure> failure =
                    wait.until(
                            workloads.stream()
                                    .filter(ref -> ref.name().equals(Names.CONTROL))
                                    .toList(),
                            left(begin));
            if (failure.isPresent()) {
                return failure;
            }
            bring(contents.get());
        }
        return wait.until(workloads, left(begin));
    }

    private void bring(Contents contents) throws InterruptedException {
        var _ =
                new ClusterControl(cluster)
                        .with(control -> {
                            new ClusterModels(
                                            control,
                                            contents.folder(),
                                            (about, sentence) ->
                                                    out.println(about + ": " + sentence))
                                    .bring(contents.models(), contents.trainings());
                            return control;
                        });
    }

    private static boolean isAnythingToBring(Contents contents) {
        return !contents.trainings().isEmpty()
                || contents.models().stream().anyMatch(ClusterModels::isBrought);
    }

    private static List<ObjectRef> workloads(ObjectSet objects) {
        return objects.refs().stream()
                .filter(ref -> WORKLOADS.contains(ref.kind()))
                .sorted((a, b) -> a.id().compareTo(b.id()))
                .toList();
    }

    /// @param namespaced the objects of namespaces, or those of the whole cluster
    private static ObjectSet part(ObjectSet objects, boolean namespaced) {
        List<Map<String, Object>> trees =
                objects.trees().stream()
                        .filter(tree ->
                                Kinds.isNamespaced(String.valueOf(tree.get("kind"))) == namespaced)
                        .toList();
        return new ObjectSet(objects.namespace(), trees);
    }

    private Duration left(long begin) {
        Duration left = limit.minusNanos(nanos.getAsLong() - begin);
        return left.isNegative() ? Duration.ZERO : left;
    }

    private String seconds(long begin) {
        return String.format(Locale.ROOT, "%.1f s", (nanos.getAsLong() - begin) / 1e9);
    }
}
