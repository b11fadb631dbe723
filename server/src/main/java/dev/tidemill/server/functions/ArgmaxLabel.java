package dev.tidemill.server.functions;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.FunctionParameters;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.runtimes.spi.TensorSpec;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/// The name of the class with the largest score, the first of equals: `scores` FP32 [n, classes] to
/// `label` BYTES [n].
///
/// @param labels by column
record ArgmaxLabel(List<String> labels) implements FunctionModel {
    static final String NAME = "argmax_label";

    /// About what a label takes, with its place in a list.
    static final int LABEL_BYTES = 64;

    ArgmaxLabel {
        labels = List.copyOf(labels);
    }

    static ArgmaxLabel of(FunctionParameters parameters) {
        List<String> labels =
                parameters
                        .lines("labels")
                        .filter(lines -> !lines.isEmpty())
                        .orElseThrow(() ->
                                FunctionParameters.wrong(
                                        "labels", "", "a file with a class name a line"));
        return new ArgmaxLabel(labels);
    }

    @Override
    public List<TensorSpec> inputs() {
        return List.of(new TensorSpec("scores", DataType.FP32, List.of(-1L, (long) labels.size())));
    }

    @Override
    public List<TensorSpec> outputs() {
        return List.of(new TensorSpec("label", DataType.BYTES, List.of(-1L)));
    }

    @Override
    public long workingBytes(List<Tensor> inputs) {
        return inputs.getFirst().shape()[0] * LABEL_BYTES;
    }

    @Override
    public List<Tensor> run(List<Tensor> inputs) {
        FloatBuffer scores = FunctionModel.floats(inputs.getFirst());
        int rows = (int) inputs.getFirst().shape()[0];
        List<byte[]> chosen = new ArrayList<>(rows);
        for (int row = 0; row < rows; row++) {
            int best = -1;
            for (int column = 0; column < labels.size(); column++) {
                float score = scores.get(row * labels.size() + column);
                boolean first = best < 0 && !Float.isNaN(score);
                if (first || (best >= 0 && score > scores.get(row * labels.size() + best))) {
                    best = column;
                }
            }
            if (best < 0) {
                throw new TidemillException(
                        ErrorCode.INVALID_REQUEST,
                        "scores: 'NaN' in row %d (expected: numbers)".formatted(row));
            }
            chosen.add(Texts.bytes(labels.get(best)));
        }
        return List.of(new Tensor.Text("label", new long[] {rows}, chosen));
    }
}
