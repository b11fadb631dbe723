package dev.tidemill.server.engine;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.runtimes.spi.TensorSpec;
import java.util.ArrayList;
import java.util.List;

/// How many rows a request brings, and with which others they can be joined.
///
/// @param batches whether the first dimension is a batch
/// @param fixed whether all other dimensions are the same in every request
/// @param maxRows that a request may bring; `Integer.MAX_VALUE` when nobody has said
record RowShape(boolean batches, boolean fixed, int maxRows) {
    private static final Object ANY = "any";

    /// @param maxRows as above
    static RowShape of(boolean batches, List<TensorSpec> inputs, int maxRows) {
        boolean fixed =
                inputs.stream()
                        .allMatch(input ->
                                input.shape().stream().skip(1).allMatch(size -> size >= 0));
        return new RowShape(batches, fixed, maxRows);
    }

    /// @throws TidemillException `INVALID_REQUEST` when inputs disagree, or bring too many
    int rows(List<Tensor> inputs) {
        if (!batches) {
            return 1;
        }
        long rows = inputs.getFirst().shape()[0];
        for (Tensor input : inputs) {
            if (input.shape()[0] != rows) {
                throw new TidemillException(
                        ErrorCode.INVALID_REQUEST,
                        "input %s: rows: '%d' (expected: %d, as in input %s)"
                                .formatted(
                                        input.name(),
                                        input.shape()[0],
                                        rows,
                                        inputs.getFirst().name()));
            }
        }
        if (rows > maxRows) {
            throw new TidemillException(
                    ErrorCode.INVALID_REQUEST,
                    "inputs: '%d rows' (expected: batch-size must be <= %d, the model's max_batch_size)"
                            .formatted(rows, maxRows));
        }
        return (int) Math.min(rows, Integer.MAX_VALUE);
    }

    /// @param rows of the request; one without any goes alone
    Object key(List<Tensor> inputs, int rows) {
        if (rows == 0) {
            return new Object();
        }
        if (fixed) {
            return ANY;
        }
        List<Long> sizes = new ArrayList<>();
        for (Tensor input : inputs) {
            for (int i = 1; i < input.shape().length; i++) {
                sizes.add(input.shape()[i]);
            }
            sizes.add(-1L);
        }
        return sizes;
    }
}
