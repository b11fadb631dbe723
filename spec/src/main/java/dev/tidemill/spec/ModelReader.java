package dev.tidemill.spec;

import dev.tidemill.spec.cluster.PodKeys;
import dev.tidemill.spec.cluster.ResourceKeys;
import dev.tidemill.spec.yaml.Located;
import dev.tidemill.spec.yaml.MappingCursor;
import java.time.Duration;
import java.util.Optional;

/// Reads the `spec` of a model.
final class ModelReader {
    private static final int DEFAULT_MAX = 4;
    private static final double DEFAULT_TARGET = 8;

    private ModelReader() {}

    static Model read(DocumentContext context, MappingCursor spec) {
        Source source = spec.get(ModelKeys.SOURCE);
        RuntimeKind runtime = spec.get(ModelKeys.RUNTIME);
        ModelResources resources = ResourceKeys.readWithGpu(spec.child(ModelKeys.RESOURCES));
        Optional<Located<String>> shares = spec.locate(ModelKeys.SHARES_REPLICAS_WITH);
        shares.ifPresent(name -> context.refersTo(Kind.MODEL, name));
        if (shares.isPresent() && spec.has(ModelKeys.SCALING)) {
            spec.problem(
                    ModelKeys.SCALING,
                    "no scaling beside sharesReplicasWith: that of '%s' counts"
                            .formatted(shares.get().value()));
        }
        Scaling scaling = scaling(spec.child(ModelKeys.SCALING));
        return new Model(
                context.metadata(),
                context.place(),
                source,
                runtime,
                resources,
                shares.map(Located::value),
                scaling,
                PodKeys.readVolume(spec),
                PodKeys.read(spec));
    }

    private static Scaling scaling(MappingCursor scaling) {
        int min = scaling.get(ModelKeys.MIN);
        int max = scaling.find(ModelKeys.MAX).orElse(Math.max(min, DEFAULT_MAX));
        if (min > max && scaling.isSound(ModelKeys.MIN) && scaling.isSound(ModelKeys.MAX)) {
            scaling.problem(ModelKeys.MIN, "at most max, which is " + max);
        }
        double target =
                scaling.children(ModelKeys.METRICS).stream()
                        .map(ModelReader::target)
                        .findFirst()
                        .orElse(DEFAULT_TARGET);
        MappingCursor behavior = scaling.child(ModelKeys.BEHAVIOR);
        int up = behavior.child(ModelKeys.SCALE_UP).get(ModelKeys.UP_WINDOW);
        int down = behavior.child(ModelKeys.SCALE_DOWN).get(ModelKeys.DOWN_WINDOW);
        return new Scaling(min, max, target, Duration.ofSeconds(up), Duration.ofSeconds(down));
    }

    private static double target(MappingCursor metric) {
        // The one type there is; reading it finds out whether it was given.
        metric.get(ModelKeys.TYPE);
        return metric.get(ModelKeys.TARGET);
    }
}
