package dev.tidemill.server.protocol.grpc.tfserving;

import com.google.protobuf.Any;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.protos.tensorflow.SignatureDef;
import dev.tidemill.protos.tensorflow.TensorInfo;
import dev.tidemill.protos.tensorflow.serving.GetModelMetadataRequest;
import dev.tidemill.protos.tensorflow.serving.GetModelMetadataResponse;
import dev.tidemill.protos.tensorflow.serving.SignatureDefMap;
import dev.tidemill.server.engine.ServedModel;
import dev.tidemill.server.protocol.tfserving.Signature;
import dev.tidemill.server.protocol.tfserving.Signatures;

/// A model's signatures as messages.
final class Metadata {
    private static final String FIELD = "signature_def";

    private Metadata() {}

    /// @throws TidemillException `INVALID_REQUEST` for anything but the one field that there is
    static void check(GetModelMetadataRequest request) {
        if (request.getMetadataFieldCount() == 0) {
            throw invalid("GetModelMetadataRequest must specify at least one metadata_field");
        }
        for (String field : request.getMetadataFieldList()) {
            if (!field.equals(FIELD)) {
                throw invalid("Metadata field %s is not supported".formatted(field));
            }
        }
    }

    static GetModelMetadataResponse of(ServedModel model) {
        SignatureDefMap.Builder map = SignatureDefMap.newBuilder();
        Signatures.of(model).forEach((name, signature) -> map.putSignatureDef(name, of(signature)));
        return GetModelMetadataResponse.newBuilder()
                .setModelSpec(Specs.of(model, ""))
                .putMetadata(FIELD, Any.pack(map.build()))
                .build();
    }

    private static SignatureDef of(Signature signature) {
        SignatureDef.Builder answer = SignatureDef.newBuilder().setMethodName(signature.method());
        signature.inputs().forEach(input -> answer.putInputs(input.key(), of(input)));
        signature.outputs().forEach(output -> answer.putOutputs(output.key(), of(output)));
        return answer.build();
    }

    private static TensorInfo of(Signature.Argument argument) {
        return TensorInfo.newBuilder()
                .setName(argument.tensor())
                .setDtype(TensorWriter.dtype(argument.type()))
                .setTensorShape(TensorWriter.shape(argument.shape()))
                .build();
    }

    private static TidemillException invalid(String message) {
        return new TidemillException(ErrorCode.INVALID_REQUEST, message);
    }
}
