package dev.tidemill.server.protocol.grpc.openinference;

import dev.tidemill.common.TidemillException;
import dev.tidemill.protos.inference.InferParameter;
import dev.tidemill.protos.inference.ModelInferRequest;
import dev.tidemill.protos.inference.ModelInferRequest.InferRequestedOutputTensor;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a request wants beside being run. Parameters that we do not know are the model's business
/// and are passed over.
///
/// @param priority 0 for the model's default
/// @param queueTimeout zero for the model's
/// @param wanted names of outputs; empty for all
/// @param classes by output: how many of its largest elements are wanted instead of the tensor
record CallOptions(
        int priority, Duration queueTimeout, List<String> wanted, Map<String, Integer> classes) {

    /// @throws TidemillException `INVALID_REQUEST`
    static CallOptions of(ModelInferRequest request) {
        Map<String, InferParameter> parameters = request.getParametersMap();
        long priority = whole(parameters, "priority", Integer.MAX_VALUE);
        long micros = whole(parameters, "timeout", Long.MAX_VALUE / 1000);
        return new CallOptions(
                (int) priority,
                Duration.of(micros, ChronoUnit.MICROS),
                wanted(request),
                classes(request));
    }

    private static long whole(Map<String, InferParameter> parameters, String name, long max) {
        InferParameter parameter = parameters.get(name);
        if (parameter == null) {
            return 0;
        }
        long value =
                switch (parameter.getParameterChoiceCase()) {
                    case INT64_PARAM -> parameter.getInt64Param();
                    case UINT64_PARAM -> parameter.getUint64Param();
                    case BOOL_PARAM, STRING_PARAM, DOUBLE_PARAM, PARAMETERCHOICE_NOT_SET -> -1;
                };
        if (value < 0 || value > max) {
            throw InputReader.invalid(
                    "parameters: " + name,
                    parameter.toString().strip(),
                    "int64_param or uint64_param of 0 to " + max);
        }
        return value;
    }

    private static List<String> wanted(ModelInferRequest request) {
        Set<String> names = LinkedHashSet.newLinkedHashSet(request.getOutputsCount());
        for (InferRequestedOutputTensor output : request.getOutputsList()) {
            if (!names.add(output.getName())) {
                throw InputReader.invalid("outputs", output.getName(), "each output once");
            }
            if (output.containsParameters("shared_memory_region")) {
                throw InputReader.invalid(
                        "output %s: shared_memory_region".formatted(output.getName()),
                        "present",
                        "the tensor in the message");
            }
        }
        return List.copyOf(names);
    }

    private static Map<String, Integer> classes(ModelInferRequest request) {
        Map<String, Integer> classes = new HashMap<>();
        for (InferRequestedOutputTensor output : request.getOutputsList()) {
            long count = whole(output.getParametersMap(), "classification", Integer.MAX_VALUE);
            if (count > 0) {
                classes.put(output.getName(), (int) count);
            }
        }
        return classes;
    }
}
