package dev.tidemill.server.protocol.grpc.tfserving;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.http.Bodies;
import dev.tidemill.protos.tensorflow.Example;
import dev.tidemill.protos.tensorflow.Feature;
import dev.tidemill.protos.tensorflow.serving.Input;
import dev.tidemill.server.engine.ServedModel;
import dev.tidemill.server.protocol.tfserving.Column;
import dev.tidemill.server.protocol.tfserving.Examples;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Makes a model's inputs of the examples in a message.
final class ExampleInputs {
    private ExampleInputs() {}

    /// @throws TidemillException `INVALID_REQUEST`
    static Examples read(ServedModel model, Input input, Bodies.Budget reservation) {
        List<Example> list =
                switch (input.getKindCase()) {
                    case EXAMPLE_LIST -> input.getExampleList().getExamplesList();
                    case EXAMPLE_LIST_WITH_CONTEXT ->
                            input.getExampleListWithContext().getExamplesList();
                    case KIND_NOT_SET -> List.of();
                };
        if (list.isEmpty()) {
            throw new TidemillException(ErrorCode.INVALID_REQUEST, "Input is empty.");
        }
        Examples examples = new Examples(model.inputs(), list.size(), reservation);
        if (input.hasExampleListWithContext()) {
            features(input.getExampleListWithContext().getContext(), examples::context);
        }
        for (Example example : list) {
            features(example, examples::feature);
            examples.endExample();
        }
        return examples;
    }

    private static void features(Example example, Function<String, Optional<Column>> target) {
        example.getFeatures()
                .getFeatureMap()
                .forEach((name, feature) ->
                        target.apply(name).ifPresent(column -> values(feature, column)));
    }

    private static void values(Feature feature, Column column) {
        switch (feature.getKindCase()) {
            case FLOAT_LIST -> {
                for (int i = 0; i < feature.getFloatList().getValueCount(); i++) {
                    column.add(feature.getFloatList().getValue(i));
                }
            }
            case INT64_LIST -> {
                for (int i = 0; i < feature.getInt64List().getValueCount(); i++) {
                    column.add(feature.getInt64List().getValue(i));
                }
            }
            case BYTES_LIST ->
                    feature.getBytesList()
                            .getValueList()
                            .forEach(value -> column.add(value.toByteArray()));
            case KIND_NOT_SET -> {}
        }
    }
}
