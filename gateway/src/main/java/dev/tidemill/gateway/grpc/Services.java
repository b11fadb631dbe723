package dev.tidemill.gateway.grpc;

import dev.tidemill.protos.inference.GRPCInferenceServiceGrpc;
import dev.tidemill.protos.tensorflow.serving.ModelServiceGrpc;
import dev.tidemill.protos.tensorflow.serving.PredictionServiceGrpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The services of the protocols: which of their methods are passed on, by which name, and which
/// are not for a gateway. They keep their descriptors, so that reflection tells what a model
/// server's does.
final class Services {
    private static final Map<String, NamedBy> PASSED =
            Map.ofEntries(
                    Map.entry("inference.GRPCInferenceService/ModelReady", NamedBy.NAME),
                    Map.entry("inference.GRPCInferenceService/ModelMetadata", NamedBy.NAME),
                    Map.entry("inference.GRPCInferenceService/ModelInfer", NamedBy.NAME),
                    Map.entry("inference.GRPCInferenceService/ModelConfig", NamedBy.NAME),
                    Map.entry("inference.GRPCInferenceService/ModelStatistics", NamedBy.NAME),
                    Map.entry("inference.GRPCInferenceService/ModelStreamInfer", NamedBy.NAME),
                    Map.entry("tensorflow.serving.PredictionService/Classify", NamedBy.SPEC),
                    Map.entry("tensorflow.serving.PredictionService/Regress", NamedBy.SPEC),
                    Map.entry("tensorflow.serving.PredictionService/Predict", NamedBy.SPEC),
                    Map.entry("tensorflow.serving.PredictionService/MultiInference", NamedBy.TASKS),
                    Map.entry(
                            "tensorflow.serving.PredictionService/GetModelMetadata", NamedBy.SPEC),
                    Map.entry("tensorflow.serving.ModelService/GetModelStatus", NamedBy.SPEC));

    private final GrpcParts parts;
    private final Map<String, OwnCalls.Own<?, ?>> own;

    /// @param own methods that the gateway answers itself, by their full names
    Services(GrpcParts parts, Map<String, OwnCalls.Own<?, ?>> own) {
        this.parts = parts;
        this.own = own;
    }

    List<ServerServiceDefinition> all() {
        return List.of(
                service(GRPCInferenceServiceGrpc.getServiceDescriptor()),
                service(PredictionServiceGrpc.getServiceDescriptor()),
                service(ModelServiceGrpc.getServiceDescriptor()));
    }

    private ServerServiceDefinition service(ServiceDescriptor original) {
        ServiceDescriptor.Builder descriptor =
                ServiceDescriptor.newBuilder(original.getName())
                        .setSchemaDescriptor(original.getSchemaDescriptor());
        List<Answered> methods = new ArrayList<>();
        for (MethodDescriptor<?, ?> method : original.getMethods()) {
            OwnCalls.Own<?, ?> answer = own.get(method.getFullMethodName());
            if (answer != null) {
                descriptor.addMethod(answer.method());
            } else {
                Answered passed = new Answered(passing(method), handler(method));
                descriptor.addMethod(passed.method());
                methods.add(passed);
            }
        }
        ServerServiceDefinition.Builder service =
                ServerServiceDefinition.builder(descriptor.build());
        methods.forEach(method -> service.addMethod(method.method(), method.handler()));
        for (MethodDescriptor<?, ?> method : original.getMethods()) {
            OwnCalls.Own<?, ?> answer = own.get(method.getFullMethodName());
            if (answer != null) {
                answer.addTo(service, parts);
            }
        }
        return service.build();
    }

    private record Answered(
            MethodDescriptor<byte[], InputStream> method,
            ServerCallHandler<byte[], InputStream> handler) {}

    private static MethodDescriptor<byte[], InputStream> passing(MethodDescriptor<?, ?> method) {
        return method.toBuilder(Bytes.HELD, Bytes.PASSING).build();
    }

    private ServerCallHandler<byte[], InputStream> handler(MethodDescriptor<?, ?> method) {
        NamedBy named = PASSED.get(method.getFullMethodName());
        if (named == null) {
            return Services::refuse;
        }
        return method.getType() == MethodDescriptor.MethodType.UNARY
                ? new UnaryCalls(parts, named)
                : new StreamCalls(parts);
    }

    /// What changes one server, or its memory, means nothing where there are several.
    private static ServerCall.Listener<byte[]> refuse(
            ServerCall<byte[], InputStream> call, Metadata headers) {
        call.close(
                Status.UNIMPLEMENTED.withDescription(
                        "method: '%s' (expected: one that is about a model; this one is for a model server)"
                                .formatted(call.getMethodDescriptor().getBareMethodName())),
                new Metadata());
        return new ServerCall.Listener<>() {};
    }
}
