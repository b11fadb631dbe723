package dev.tidemill.server.protocol.grpc.openinference;

import dev.tidemill.common.TidemillException;
import dev.tidemill.protos.inference.InferParameter;
import dev.tidemill.protos.inference.ModelInferRequest;
import dev.tidemill.protos.inference.ModelInferRequest.InferRequestedOutputTensor;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/// What a request wants beside being run. Parameters that we do not know are the model's business
/// and are passed over.
///
/// @param priority 0 for the model's default
/// @param queueTimeout zero for the model's
/// @param wanted names of outputs; empty for all
record CallOptions(int priority, Duration queueTimeout, List<String> wanted) {

    /// @throws TidemillException `INVALID_REQUEST`
    static CallOptions of(ModelInferRequest request) {
        long priority = whole(request, "priority", Integer.MAX_VALUE);
        long micros = whole(request, "timeout", Long.MAX_VALUE / 1000);
        return new CallOptions(
                (int) priority, Duration.of(micros, ChronoUnit.MICROS), wanted(request));
    }

    private static long whole(ModelInferRequest request, String name, long max) {
        if (request.getParametersCount() == 0 || !request.containsParameters(name)) {
            return 0;
        }
        InferParameter parameter = request.getParametersOrThrow(name);
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
        List<String> names = new ArrayList<>(request.getOutputsCount());
        for (InferRequestedOutputTensor output : request.getOutputsList()) {
            if (names.contains(output.getName())) {
                throw InputReader.invalid("outputs", output.getName(), "each output once");
            }
            refuse(output, "shared_memory_region", "the tensor in the message");
            refuse(output, "classification", "all the scores");
            names.add(output.getName());
        }
        return names;
    }

    private static void refuse(InferRequestedOutputTensor output, String name, String expected) {
        if (output.containsParameters(name)) {
            throw InputReader.invalid(
                    "output %s: %s".formatted(output.getName(), name), "present", expected);
        }
    }
}
