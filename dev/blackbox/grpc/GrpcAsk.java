import dev.tidemill.protos.inference.GRPCInferenceServiceGrpc;
import dev.tidemill.protos.inference.InferTensorContents;
import dev.tidemill.protos.inference.ModelInferRequest;
import dev.tidemill.protos.inference.ModelInferResponse;
import dev.tidemill.protos.inference.ModelMetadataRequest;
import dev.tidemill.protos.inference.ModelMetadataResponse;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;

/// A client of the Open Inference Protocol: `java -cp 'LIB/*' GrpcAsk.java PORT MODEL KEY` asks the
/// model for zeros, by the input that it says it has, and prints what came of it.
void main(String[] arguments) {
    ManagedChannel channel =
            NettyChannelBuilder.forAddress("127.0.0.1", Integer.parseInt(arguments[0]))
                    .usePlaintext()
                    .build();
    Metadata headers = new Metadata();
    headers.put(Metadata.Key.of("api-key", Metadata.ASCII_STRING_MARSHALLER), arguments[2]);
    headers.put(Metadata.Key.of("x-request-id", Metadata.ASCII_STRING_MARSHALLER), "over-grpc");
    var client =
            GRPCInferenceServiceGrpc.newBlockingStub(channel)
                    .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    try {
        ModelMetadataResponse model =
                client.modelMetadata(
                        ModelMetadataRequest.newBuilder().setName(arguments[1]).build());
        ModelMetadataResponse.TensorMetadata input = model.getInputs(0);
        ModelInferRequest.InferInputTensor.Builder tensor =
                ModelInferRequest.InferInputTensor.newBuilder()
                        .setName(input.getName())
                        .setDatatype(input.getDatatype());
        long size = 1;
        for (long dimension : input.getShapeList()) {
            tensor.addShape(Math.max(1, dimension));
            size *= Math.max(1, dimension);
        }
        InferTensorContents.Builder zeros = InferTensorContents.newBuilder();
        for (long i = 0; i < size; i++) {
            zeros.addFp32Contents(0);
        }
        ModelInferResponse answer =
                client.modelInfer(
                        ModelInferRequest.newBuilder()
                                .setModelName(arguments[1])
                                .addInputs(tensor.setContents(zeros))
                                .build());
        System.out.println("answered by " + answer.getModelName() + " with " + answer.getOutputsCount() + " outputs");
    } catch (StatusRuntimeException e) {
        System.out.println("refused: " + e.getStatus().getCode());
    } finally {
        channel.shutdownNow();
    }
}
