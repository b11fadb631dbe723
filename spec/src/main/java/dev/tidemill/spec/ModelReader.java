package dev.tidemill.spec;

import dev.tidemill.spec.cluster.PodKeys;
import dev.tidemill.spec.cluster.ResourceKeys;
import dev.tidemill.spec.scaling.Scaling;
import dev.tidemill.spec.scaling.ScalingKeys;
import dev.tidemill.spec.scaling.ScalingReader;
import dev.tidemill.spec.yaml.Located;
import dev.tidemill.spec.yaml.MappingCursor;
import java.util.Optional;

/// Reads the `spec` of a model.
final class ModelReader {
    private ModelReader() {}

    static Model read(DocumentContext context, MappingCursor spec) {
        Source source = spec.get(ModelKeys.SOURCE);
        RuntimeKind runtime = spec.get(ModelKeys.RUNTIME);
        ModelResources resources = ResourceKeys.readWithGpu(spec.child(ModelKeys.RESOURCES));
        Optional<Located<String>> shares = spec.locate(ModelKeys.SHARES_REPLICAS_WITH);
        shares.ifPresent(name -> context.refersTo(Kind.MODEL, name));
        if (shares.isPresent() && spec.has(ScalingKeys.SCALING)) {
            spec.problem(
                    ScalingKeys.SCALING,
                    "no scaling beside sharesReplicasWith: that of '%s' counts"
                            .formatted(shares.get().value()));
        }
        Scaling scaling = ScalingReader.read(spec, resources.cpu());
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
}
