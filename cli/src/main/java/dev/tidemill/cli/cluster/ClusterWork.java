package dev.tidemill.cli.cluster;

import dev.tidemill.cli.render.ClusterFile;
import dev.tidemill.cluster.Cluster;
import dev.tidemill.cluster.ClusterTarget;
import dev.tidemill.cluster.apply.LiveDiff;
import dev.tidemill.cluster.apply.ObjectSet;
import dev.tidemill.cluster.apply.Releases;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.manifests.KubeObject;
import dev.tidemill.manifests.Manifests;
import dev.tidemill.manifests.Platform;
import dev.tidemill.manifests.yaml.YamlWriter;
import dev.tidemill.spec.Training;
import java.util.List;
import java.util.Optional;

/// A file and the cluster that it is for.
///
/// @param environment as `-e` names it
public record ClusterWork(ClusterFile file, Optional<String> environment, ClusterTarget target) {
    /// Checks the file first: a mistake in it is told without a cluster.
    public Platform platform() {
        Platform platform = file.platform(environment);
        Optional<String> own = platform.environment().namespace();
        if (own.isPresent() && target.namespace().isPresent() && !own.equals(target.namespace())) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "--namespace: '%s' (expected: %s, which Environment/%s names)"
                            .formatted(
                                    target.namespace().get(),
                                    own.get(),
                                    platform.environment().name()));
        }
        return platform;
    }

    public Cluster open(Platform platform) {
        return Cluster.open(target.in(platform.environment().namespace()));
    }

    public List<Training> trainings() {
        return file.trainings(environment);
    }

    /// What applying it would change, as unified differences.
    public static List<String> differences(Cluster cluster, Platform platform) {
        return new LiveDiff(cluster, YamlWriter::write).of(objects(cluster, platform));
    }

    static ObjectSet objects(Cluster cluster, Platform platform) {
        return new ObjectSet(
                cluster.namespace(),
                Manifests.of(platform).stream()
                        .map(object -> object.within(cluster.namespace()))
                        .map(KubeObject::fields)
                        .toList());
    }

    static Releases releases(Cluster cluster) {
        return new Releases(cluster, cluster.namespace(), Trees::write, Trees::read);
    }
}
