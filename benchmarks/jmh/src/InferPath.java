package dev.tidemill.server.protocol.openinference;

import dev.tidemill.http.Metrics;
import dev.tidemill.runtimes.onnx.OnnxRuntime;
import dev.tidemill.runtimes.spi.LoadedModel;
import dev.tidemill.runtimes.spi.ModelManifest;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.server.engine.ComputeThreads;
import dev.tidemill.server.engine.InferenceCall;
import dev.tidemill.server.engine.ServedModel;
import dev.tidemill.server.metrics.ModelMeters;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// The path of a JSON inference request between the socket's two ends: time and allocation of
/// reading it, of the model's run, and of all with writing the answer. In the server's package
/// because its parser is nobody else's business.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class InferPath {
    private static final int SEED = 20260401;

    @Param({"addsub", "tabular1", "tabular32", "echo64k"})
    public String workload = "";

    private final ComputeThreads threads = new ComputeThreads(2);
    private final Metrics metrics = new Metrics();
    private LoadedModel loaded;
    private ServedModel served;
    private byte[] body;
    private InferRequest request;

    @Setup(Level.Trial)
    public void load() {
        Path repository = Path.of(System.getProperty("repository"));
        String model = workload.replaceFirst("[0-9].*", "");
        OnnxRuntime runtime = new OnnxRuntime();
        loaded = runtime.load(repository.resolve(model + "/1/model.onnx"));
        served =
                new ServedModel(
                        ServedModel.Description.plain(
                                model,
                                "1",
                                new ModelManifest(
                                        "onnx",
                                        "model.onnx",
                                        Optional.empty(),
                                        List.of(),
                                        "",
                                        List.of())),
                        loaded,
                        new ServedModel.Surroundings(
                                threads, new ModelMeters(metrics, model, "1"), System::nanoTime));
        body = body();
        request = InferRequestReader.read(body);
    }

    private byte[] body() {
        SplittableRandom random = new SplittableRandom(SEED);
        String inputs =
                switch (workload) {
                    case "addsub" ->
                            integers(random, "INPUT0") + "," + integers(random, "INPUT1");
                    case "tabular1" -> fractions(random, 1, 30);
                    case "tabular32" -> fractions(random, 32, 30);
                    default -> fractions(random, 1, 16_384);
                };
        return "{\"inputs\":[%s]}".formatted(inputs).getBytes(StandardCharsets.UTF_8);
    }

    private static String integers(SplittableRandom random, String name) {
        return IntStream.range(0, 16)
                .mapToObj(_ -> Integer.toString(random.nextInt(-1000, 1000)))
                .collect(
                        Collectors.joining(
                                ",",
                                "{\"name\":\"%s\",\"shape\":[1,16],\"datatype\":\"INT32\",\"data\":["
                                        .formatted(name),
                                "]}"));
    }

    private static String fractions(SplittableRandom random, int rows, int width) {
        return IntStream.range(0, rows * width)
                .mapToObj(_ -> Double.toString(random.nextInt(-20_000, 20_000) / 1e4))
                .collect(
                        Collectors.joining(
                                ",",
                                "{\"name\":\"input\",\"shape\":[%d,%d],\"datatype\":\"FP32\",\"data\":["
                                        .formatted(rows, width),
                                "]}"));
    }

    @Benchmark
    public Object read() {
        return InferRequestReader.read(body);
    }

    @Benchmark
    public Object run() {
        return loaded.run(request.inputs());
    }

    @Benchmark
    public Object all() {
        InferRequest infer = InferRequestReader.read(body);
        List<Tensor> outputs = served.infer(InferenceCall.of(infer.inputs(), infer.wanted()));
        return InferResponseWriter.write(served, infer, outputs);
    }

    @TearDown(Level.Trial)
    public void close() {
        served.close();
        threads.close();
        metrics.close();
    }
}
