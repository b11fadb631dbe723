package dev.tidemill.server.protocol.tfserving;

import dev.tidemill.common.TidemillException;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.runtimes.spi.TensorSpec;
import dev.tidemill.server.engine.ServedModel;
import dev.tidemill.server.protocol.tfserving.Signature.Argument;
import java.util.List;
import java.util.Optional;

/// Reads one number an example out of a model's output.
///
/// @param value name of the output, of shape [n] or [n, 1]
public record Regressor(String value) {

    /// By the model's only output of fractions, when it can be one number a row.
    static Optional<Regressor> of(ServedModel model) {
        return model.labels().isEmpty()
                ? Fractions.only(model.outputs())
                        .filter(Regressor::isOneNumberARow)
                        .map(spec -> new Regressor(spec.name()))
                : Optional.empty();
    }

    /// What to ask the model for.
    public List<String> wanted() {
        return List.of(value);
    }

    /// @param outputs of a run that was asked for [#wanted]
    /// @throws TidemillException `INVALID_REQUEST` when they are not one number an example
    public float[] read(List<Tensor> outputs, int examples) {
        Tensor output = outputs.getFirst();
        long[] shape = output.shape();
        boolean right = shape.length == 1 || (shape.length == 2 && shape[1] == 1);
        if (!right || !(output instanceof Tensor.Numeric numbers)) {
            throw Signatures.refused(
                    "Expected output Tensor shape to be either [batch_size] or [batch_size, 1] but got "
                            + Fractions.text(shape));
        }
        if (shape[0] != examples) {
            throw Signatures.refused(
                    "Input batch size did not match output batch size: %d vs. %d"
                            .formatted(examples, shape[0]));
        }
        return Fractions.read(numbers);
    }

    Argument output() {
        return new Argument("outputs", value, TfType.DT_FLOAT, List.of(-1L));
    }

    private static boolean isOneNumberARow(TensorSpec spec) {
        return spec.shape().size() == 1 || Math.abs(spec.shape().get(1)) == 1;
    }
}
