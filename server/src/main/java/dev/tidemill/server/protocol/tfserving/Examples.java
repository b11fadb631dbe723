package dev.tidemill.server.protocol.tfserving;

import dev.tidemill.http.Bodies;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.runtimes.spi.TensorSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Makes a model's inputs from examples: each feature is a flat list of values for the input of its
/// name, and features that are no inputs mean nothing. What an example does not have may come from
/// a context that all share.
///
/// Call [#context] at most once and first; then for each example [#feature] and [#endExample].
public final class Examples {
    private final Map<String, Feature> features;
    private int count;

    /// @param specs what the model takes
    /// @param mostValues of all examples together, if it is known
    /// @param reservation asked before memory is taken
    public Examples(List<TensorSpec> specs, int mostValues, Bodies.Budget reservation) {
        features = LinkedHashMap.newLinkedHashMap(specs.size());
        int expected = mostValues / Math.max(1, specs.size());
        for (TensorSpec spec : specs) {
            features.put(
                    spec.name(),
                    new Feature(
                            new Column(spec, expected, reservation),
                            new Column(spec, 0, reservation)));
        }
    }

    /// Where the values of a feature of the context go; empty when no input has its name.
    public Optional<Column> context(String name) {
        return Optional.ofNullable(features.get(name)).map(Feature::shared);
    }

    /// Where the values of a feature of the present example go; empty when no input has its name.
    ///
    /// @throws dev.tidemill.common.TidemillException `INVALID_REQUEST` when the example had it
    ///   already
    public Optional<Column> feature(String name) {
        Feature feature = features.get(name);
        if (feature != null && feature.column.count() > feature.before) {
            throw Signatures.refused("Feature: %s comes twice in an example".formatted(name));
        }
        return Optional.ofNullable(feature).map(Feature::column);
    }

    /// @throws dev.tidemill.common.TidemillException `INVALID_REQUEST` when an input got no values,
    ///   or not as many as in the examples before
    public void endExample() {
        features.values().forEach(feature -> feature.end(count));
        count++;
    }

    /// How many examples there were.
    public int count() {
        return count;
    }

    /// @throws dev.tidemill.common.TidemillException `INVALID_REQUEST` when a feature has not the
    ///   number of values that the input wants
    public List<Tensor> tensors() {
        return features.values().stream()
                .map(feature -> feature.column.tensor(feature.shape(count)))
                .toList();
    }

    private static final class Feature {
        private final Column column;
        private final Column shared;
        private int before;
        private int size;

        Feature(Column column, Column shared) {
            this.column = column;
            this.shared = shared;
        }

        Column column() {
            return column;
        }

        Column shared() {
            return shared;
        }

        void end(int example) {
            if (column.count() == before) {
                for (int i = 0; i < shared.count(); i++) {
                    column.addFrom(shared, i);
                }
            }
            int found = column.count() - before;
            String name = column.spec().name();
            if (found == 0) {
                throw Signatures.refused(
                        "Feature: %s (data type: %s) is required but could not be found."
                                .formatted(name, TfType.of(column.spec().type()).text()));
            }
            if (example > 0 && found != size) {
                throw Signatures.refused(
                        "Feature: %s. Number of values in example %d: %d but expected: %d"
                                .formatted(name, example, found, size));
            }
            size = found;
            before = column.count();
        }

        /// One example's values fill all dimensions but the first; one of those may be of any size.
        long[] shape(int examples) {
            List<Long> wanted = column.spec().shape();
            if (wanted.isEmpty()) {
                return examples * size == 1 ? new long[0] : new long[] {examples, size};
            }
            long[] shape = new long[wanted.size()];
            shape[0] = examples;
            long known = 1;
            int open = 0;
            for (int i = 1; i < shape.length; i++) {
                shape[i] = wanted.get(i);
                if (shape[i] >= 0) {
                    known *= shape[i];
                } else {
                    open++;
                }
            }
            boolean fits = open == 0 ? known == size : open == 1 && known > 0 && size % known == 0;
            if (!fits) {
                throw Signatures.refused(
                        "Feature: %s. Number of values: %d (expected: as many as the shape %s says after its first dimension)"
                                .formatted(column.spec().name(), size, wanted));
            }
            for (int i = 1; i < shape.length; i++) {
                if (shape[i] < 0) {
                    shape[i] = size / known;
                }
            }
            return shape;
        }
    }
}
