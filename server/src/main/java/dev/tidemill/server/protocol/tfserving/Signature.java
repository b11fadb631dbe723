package dev.tidemill.server.protocol.tfserving;

import dev.tidemill.runtimes.spi.TensorSpec;
import java.util.List;

/// One way of calling a model: a `SignatureDef`.
///
/// @param method such as [#PREDICT]
public record Signature(String method, List<Argument> inputs, List<Argument> outputs) {
    public static final String PREDICT = "tensorflow/serving/predict";
    public static final String CLASSIFY = "tensorflow/serving/classify";
    public static final String REGRESS = "tensorflow/serving/regress";

    public Signature {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    /// A tensor under the name by which the method's callers know it: `TensorInfo`.
    ///
    /// @param tensor in the model
    /// @param shape -1 where any size goes
    public record Argument(String key, String tensor, TfType type, List<Long> shape) {
        public Argument {
            shape = List.copyOf(shape);
        }

        static Argument of(TensorSpec spec) {
            return new Argument(spec.name(), spec.name(), TfType.of(spec.type()), spec.shape());
        }
    }
}
