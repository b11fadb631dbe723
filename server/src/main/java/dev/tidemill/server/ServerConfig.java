package dev.tidemill.server;

import dev.tidemill.http.tls.MutualTls;
import dev.tidemill.limits.Capacity;
import dev.tidemill.runtimes.onnx.DeviceChoice;
import dev.tidemill.server.repository.ModelSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What a server is told at its start: the line of JSON that the supervisor sends, or the options
/// of `tidemill serve`.
///
/// @param name of the replica, for logs
/// @param port 0 for any free one
/// @param models artifacts, each in one version
/// @param maxInFlight inference requests at a time
/// @param maxInFlightBytes of their bodies and working memory together
/// @param maxBodyBytes of one request
/// @param drainMillis how long to serve on after being told to stop
/// @param grpcPort of the Open Inference Protocol; 0 for any free one, empty for none
/// @param tfsPorts of TensorFlow Serving's protocols beside the others; empty for none
/// @param repository folders of models; empty for none
/// @param v1Flavour whose protocol `/v1` speaks; TensorFlow Serving's unless given
/// @param device `auto`, `cpu`, `cuda` or `cuda:N`; auto unless given
/// @param extras what is off unless said
/// @param mtls how it speaks TLS to those who may call it; plainly unless given
public record ServerConfig(
        String name,
        String host,
        int port,
        List<ModelSource> models,
        int maxInFlight,
        long maxInFlightBytes,
        long maxBodyBytes,
        long drainMillis,
        Optional<Integer> grpcPort,
        Optional<TfsPorts> tfsPorts,
        Optional<RepositoryConfig> repository,
        Optional<V1Flavour> v1Flavour,
        Optional<String> device,
        Optional<ServerExtras> extras,
        Optional<MutualTls> mtls) {
    /// TensorFlow Serving's usual ones are 8501 and 8500.
    public record TfsPorts(int http, int grpc) {}

    public ServerConfig {
        models = List.copyOf(models);
        if (models.isEmpty() && repository.isEmpty()) {
            throw new IllegalArgumentException(
                    "models: '[]' (expected: at least one model, or a repository)");
        }
        if (maxInFlightBytes > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "maxInFlightBytes: '%d' (expected: less than 2 GiB)"
                            .formatted(maxInFlightBytes));
        }
        // Refuses what it cannot mean now, not once a model is loaded.
        device.ifPresent(DeviceChoice::parse);
        if (drainMillis < 0) {
            throw new IllegalArgumentException(
                    "drainMillis: '%d' (expected: >= 0)".formatted(drainMillis));
        }
    }

    /// One that speaks plainly.
    public ServerConfig(
            String name,
            String host,
            int port,
            List<ModelSource> models,
            int maxInFlight,
            long maxInFlightBytes,
            long maxBodyBytes,
            long drainMillis,
            Optional<Integer> grpcPort,
            Optional<TfsPorts> tfsPorts,
            Optional<RepositoryConfig> repository,
            Optional<V1Flavour> v1Flavour,
            Optional<String> device,
            Optional<ServerExtras> extras) {
        this(
                name,
                host,
                port,
                models,
                maxInFlight,
                maxInFlightBytes,
                maxBodyBytes,
                drainMillis,
                grpcPort,
                tfsPorts,
                repository,
                v1Flavour,
                device,
                extras,
                Optional.empty());
    }

    /// As many bytes in flight as a process with such a heap should let in.
    public static long bytesInFlight(long heapBytes) {
        return Capacity.shareOf(heapBytes).bytes();
    }

    DeviceChoice deviceChoice() {
        return device.map(DeviceChoice::parse).orElse(DeviceChoice.AUTO);
    }

    /// Every service is on each of them; empty for no gRPC.
    List<Integer> grpcPorts() {
        return Stream.of(grpcPort, tfsPorts.map(TfsPorts::grpc)).flatMap(Optional::stream).toList();
    }
}
