package dev.tidemill.server.engine;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.runtimes.spi.TensorSpec;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Compares what a request brings with what a model takes, so that no runtime has to.
final class InputCheck {
    private InputCheck() {}

    /// @throws TidemillException `INVALID_REQUEST` at the first thing that does not fit
    static void check(List<TensorSpec> expected, List<Tensor> given) {
        Set<String> names = HashSet.newHashSet(given.size());
        for (Tensor tensor : given) {
            if (!names.add(tensor.name())) {
                throw refused("inputs: '%s' twice (expected: once)".formatted(tensor.name()));
            }
            check(specOf(expected, tensor.name()), tensor);
        }
        for (TensorSpec spec : expected) {
            if (!names.contains(spec.name())) {
                throw refused(
                        "inputs: '%s' missing (expected: %s)"
                                .formatted(spec.name(), namesOf(expected)));
            }
        }
    }

    private static void check(TensorSpec spec, Tensor tensor) {
        if (tensor.type() != spec.type()) {
            throw refused(
                    "input %s: datatype: '%s' (expected: %s)"
                            .formatted(spec.name(), tensor.type(), spec.type()));
        }
        if (!fits(spec.shape(), tensor.shape())) {
            throw refused(
                    "input %s: shape: '%s' (expected: %s)"
                            .formatted(spec.name(), Arrays.toString(tensor.shape()), spec.shape()));
        }
    }

    static boolean fits(List<Long> expected, long[] given) {
        if (given.length != expected.size()) {
            return false;
        }
        for (int i = 0; i < given.length; i++) {
            long size = expected.get(i);
            if (given[i] < 0 || (size >= 0 && given[i] != size)) {
                return false;
            }
        }
        return true;
    }

    private static TensorSpec specOf(List<TensorSpec> expected, String name) {
        for (TensorSpec spec : expected) {
            if (spec.name().equals(name)) {
                return spec;
            }
        }
        throw refused("inputs: '%s' (expected: %s)".formatted(name, namesOf(expected)));
    }

    private static String namesOf(List<TensorSpec> specs) {
        return String.join(", ", specs.stream().map(TensorSpec::name).toList());
    }

    private static TidemillException refused(String message) {
        return new TidemillException(ErrorCode.INVALID_REQUEST, message);
    }
}
