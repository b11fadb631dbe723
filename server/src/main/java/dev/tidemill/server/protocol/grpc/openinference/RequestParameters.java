package dev.tidemill.server.protocol.grpc.openinference;

import dev.tidemill.protos.inference.InferParameter;
import dev.tidemill.protos.inference.ModelInferRequest;
import java.util.HashMap;
import java.util.Map;

/// What a request brings for the model beside its inputs.
final class RequestParameters {
    /// Triton's for its own use.
    private static final String RESERVED = "triton_";

    private RequestParameters() {}

    /// Texts, numbers and truths by name.
    static Map<String, Object> of(ModelInferRequest request) {
        Map<String, Object> parameters = new HashMap<>();
        request.getParametersMap()
                .forEach((name, value) -> {
                    if (!name.startsWith(RESERVED)) {
                        switch (value.getParameterChoiceCase()) {
                            case BOOL_PARAM -> parameters.put(name, value.getBoolParam());
                            case INT64_PARAM -> parameters.put(name, value.getInt64Param());
                            case UINT64_PARAM -> parameters.put(name, value.getUint64Param());
                            case DOUBLE_PARAM -> parameters.put(name, value.getDoubleParam());
                            case STRING_PARAM -> parameters.put(name, value.getStringParam());
                            case PARAMETERCHOICE_NOT_SET -> {}
                        }
                    }
                });
        return Map.copyOf(parameters);
    }

    /// Whether the end is to be told by an answer without outputs.
    static boolean wantsEmptyFinal(ModelInferRequest request) {
        return request.getParametersOrDefault(
                        "triton_enable_empty_final_response", InferParameter.getDefaultInstance())
                .getBoolParam();
    }
}
