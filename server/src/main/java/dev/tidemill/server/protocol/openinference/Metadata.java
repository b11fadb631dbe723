package dev.tidemill.server.protocol.openinference;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tidemill.runtimes.spi.TensorSpec;
import dev.tidemill.server.engine.ServedModel;
import java.util.List;

/// The bodies of everything but inference.
sealed interface Metadata {
    record Server(String name, String version, List<String> extensions) implements Metadata {}

    record Live(boolean live) implements Metadata {}

    record Ready(boolean ready, @JsonInclude(JsonInclude.Include.NON_EMPTY) String error)
            implements Metadata {}

    record ModelReady(
            String name, boolean ready, @JsonInclude(JsonInclude.Include.NON_EMPTY) String error)
            implements Metadata {}

    record TensorInfo(String name, String datatype, List<Long> shape) implements Metadata {
        static TensorInfo of(TensorSpec spec) {
            return new TensorInfo(spec.name(), spec.type().name(), spec.shape());
        }
    }

    record Model(
            String name,
            List<String> versions,
            String platform,
            List<TensorInfo> inputs,
            List<TensorInfo> outputs)
            implements Metadata {
        /// @param versions that answer
        static Model of(ServedModel model, List<String> versions) {
            return new Model(
                    model.name(),
                    versions,
                    model.platform(),
                    model.inputs().stream().map(TensorInfo::of).toList(),
                    model.outputs().stream().map(TensorInfo::of).toList());
        }
    }
}
