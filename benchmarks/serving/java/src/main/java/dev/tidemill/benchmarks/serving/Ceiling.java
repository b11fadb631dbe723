package dev.tidemill.benchmarks.serving;

import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.HdrHistogram.Histogram;

/// ONNX Runtime in a loop in this process: what a server could reach that cost nothing. Reads lines
/// from standard input: `outputs WORKLOAD FOLDER` writes what the model gives for each request;
/// `run WORKLOAD THREADS SECONDS` measures. Answers each with a line of JSON.
public final class Ceiling {
    private final Path requests;
    private final Path repository;

    private Ceiling(Path data) {
        requests = data.resolve("requests");
        repository = data.resolve("repository");
    }

    /// Argument: the folder that make-models wrote.
    public static void main(String[] arguments) throws Exception {
        Ceiling ceiling = new Ceiling(Path.of(arguments[0]));
        PrintStream out = System.out;
        out.println("{\"ready\":true}");
        for (String line = IO.readln(); line != null; line = IO.readln()) {
            String[] words = line.split(" ");
            Case asked = ceiling.read(words[1]);
            switch (words[0]) {
                case "outputs" -> out.println(ceiling.outputs(asked, Path.of(words[2])));
                case "run" ->
                        out.println(
                                ceiling.run(
                                        asked,
                                        Integer.parseInt(words[2]),
                                        Double.parseDouble(words[3])));
                default -> throw new IllegalArgumentException(line);
            }
        }
    }

    /// @param inputs by variant
    private record Case(String model, List<List<Engine.Tensor>> inputs) {}

    private Case read(String workload) throws IOException {
        Path folder = requests.resolve(workload);
        String model = "";
        int variants = 0;
        List<String[]> inputs = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve("workload.txt"))) {
            String[] words = line.split(" ");
            switch (words[0]) {
                case "model" -> model = words[1];
                case "variants" -> variants = Integer.parseInt(words[1]);
                case "input" -> inputs.add(words);
                default -> {}
            }
        }
        List<List<Engine.Tensor>> all = new ArrayList<>();
        for (int variant = 0; variant < variants; variant++) {
            List<Engine.Tensor> tensors = new ArrayList<>();
            for (String[] input : inputs) {
                byte[] bytes =
                        Files.readAllBytes(folder.resolve(variant + "." + input[1] + ".bin"));
                long[] shape = new long[input.length - 3];
                for (int i = 0; i < shape.length; i++) {
                    shape[i] = Long.parseLong(input[i + 3]);
                }
                ByteBuffer data = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
                tensors.add(new Engine.Tensor(input[1], input[2], shape, data));
            }
            all.add(tensors);
        }
        return new Case(model, all);
    }

    private Engine engine(Case asked) throws OrtException {
        return new Engine(repository.resolve(asked.model(), "1", "model.onnx"));
    }

    private String outputs(Case asked, Path folder) throws OrtException, IOException {
        Files.createDirectories(folder);
        try (Engine engine = engine(asked)) {
            for (int variant = 0; variant < asked.inputs().size(); variant++) {
                for (Engine.Tensor output : engine.run(asked.inputs().get(variant))) {
                    byte[] bytes = new byte[output.data().remaining()];
                    output.data().get(bytes);
                    Files.write(folder.resolve(variant + "." + output.name() + ".bin"), bytes);
                }
            }
        }
        return "{\"written\":true}";
    }

    private String run(Case asked, int threads, double seconds)
            throws OrtException, ExecutionException, InterruptedException {
        Histogram all = new Histogram(60_000_000_000L, 3);
        long end = System.nanoTime() + (long) (seconds * 1e9);
        long begin = System.nanoTime();
        try (Engine engine = engine(asked);
                ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            List<Future<Histogram>> running = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int offset = i;
                running.add(pool.submit(() -> loop(engine, asked, offset, end)));
            }
            for (Future<Histogram> one : running) {
                all.add(one.get());
            }
        }
        double elapsed = (System.nanoTime() - begin) / 1e9;
        return Figures.json(all, elapsed, 0, "");
    }

    private static Histogram loop(Engine engine, Case asked, int offset, long end)
            throws OrtException {
        Histogram histogram = new Histogram(60_000_000_000L, 3);
        int variant = offset;
        long now = System.nanoTime();
        while (now < end) {
            engine.run(asked.inputs().get(variant++ % asked.inputs().size()));
            long after = System.nanoTime();
            histogram.recordValue(after - now);
            now = after;
        }
        return histogram;
    }
}
