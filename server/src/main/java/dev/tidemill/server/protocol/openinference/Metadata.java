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
        static Model of(ServedModel model) {
            return new Model(
                    model.name(),
                    List.of(model.version()),
                    "onnxruntime_onnx",
                    model.inputs().stream().map(TensorInfo::of).toList(),
                    model.outputs().stream().map(TensorInfo::of).toList());
        }
    }
}
