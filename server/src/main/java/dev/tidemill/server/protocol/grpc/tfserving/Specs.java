package dev.tidemill.server.protocol.grpc.tfserving;

import com.google.protobuf.Int64Value;
import dev.tidemill.protos.tensorflow.serving.ModelSpec;
import dev.tidemill.server.engine.ServedModel;
import dev.tidemill.server.protocol.tfserving.ServableRequest;
import java.util.Optional;
import java.util.OptionalLong;

/// What a request names, and what its answer names in turn.
final class Specs {
    private Specs() {}

    static ServableRequest servable(ModelSpec spec) {
        return switch (spec.getVersionChoiceCase()) {
            case VERSION ->
                    new ServableRequest(
                            spec.getName(),
                            OptionalLong.of(spec.getVersion().getValue()),
                            Optional.empty());
            case VERSION_LABEL ->
                    new ServableRequest(
                            spec.getName(),
                            OptionalLong.empty(),
                            Optional.of(spec.getVersionLabel()));
            case VERSIONCHOICE_NOT_SET -> ServableRequest.latest(spec.getName());
        };
    }

    /// With the version that answered; left out when it is no number.
    static ModelSpec of(ServedModel model, String signature) {
        ModelSpec.Builder spec =
                ModelSpec.newBuilder().setName(model.name()).setSignatureName(signature);
        number(model.version()).ifPresent(version -> spec.setVersion(Int64Value.of(version)));
        return spec.build();
    }

    static OptionalLong number(String version) {
        try {
            return OptionalLong.of(Long.parseLong(version));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }
}
