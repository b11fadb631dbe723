package dev.tidemill.server.protocol.tfserving;

import com.sun.management.ThreadMXBean;
import dev.tidemill.http.Bodies;
import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.runtimes.spi.TensorSpec;
import dev.tidemill.server.protocol.tfserving.PredictRequest.Form;
import dev.tidemill.server.protocol.tfserving.TensorCursor.NotFinite;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/// What a megabyte of rows costs to read, by the short cut and by the parser, and to write, and
/// what is allocated meanwhile. Not a test: run its main method.
final class RowsSpeed {
    private static final int MEGABYTE = 1 << 20;
    private static final int ROUNDS = 200;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private RowsSpeed() {}

    public static void main(String[] args) {
        SplittableRandom random = new SplittableRandom(1);
        measure("fp32, 6 digits", DataType.FP32, () -> "%.6f".formatted(random.nextDouble()));
        measure(
                "fp32, all digits",
                DataType.FP32,
                () -> Float.toString((float) random.nextDouble(-100, 100)));
        measure("fp32, integers", DataType.FP32, () -> "" + random.nextInt(256));
        measure("int32", DataType.INT32, () -> "" + random.nextInt(256));
        measure("int64", DataType.INT64, () -> "" + random.nextLong());
    }

    private static void measure(String name, DataType type, Supplier<String> value) {
        StringBuilder json = new StringBuilder(MEGABYTE + 1000).append("{\"instances\":[");
        long rows = 0;
        while (json.length() < MEGABYTE) {
            json.append(rows++ == 0 ? "[" : ",[");
            for (int i = 0; i < 64; i++) {
                json.append(i == 0 ? "" : ",").append(value.get());
            }
            json.append(']');
        }
        byte[] body = PredictReaderTest.utf8(json.append("]}").toString());
        List<TensorSpec> specs = List.of(new TensorSpec("x", type, List.of(-1L, 64L)));
        List<Tensor> tensors = PredictReader.read(body, specs, Bodies.Budget.UNLIMITED).inputs();
        System.out.printf(
                Locale.ROOT,
                "%s, %d values in %d bytes:%n  read %s%n  read by the parser %s%n  write %s%n",
                name,
                rows * 64,
                body.length,
                cost(() -> PredictReader.read(body, specs, Bodies.Budget.UNLIMITED)),
                cost(() -> PredictReader.readTokens(body, specs, Bodies.Budget.UNLIMITED)),
                cost(() -> PredictWriter.write(Form.ROWS, tensors, NotFinite.WORDS)));
    }

    private static String cost(Supplier<?> work) {
        for (int i = 0; i < ROUNDS; i++) {
            work.get();
        }
        double[] millis = new double[ROUNDS];
        long before = allocated();
        for (int i = 0; i < ROUNDS; i++) {
            long begin = cpu();
            work.get();
            millis[i] = (cpu() - begin) / 1e6;
        }
        long bytes = (allocated() - before) / ROUNDS;
        Arrays.sort(millis);
        return "%.2f ms of processor time (median), %d heap bytes"
                .formatted(millis[ROUNDS / 2], bytes);
    }

    private static long allocated() {
        return THREADS.getCurrentThreadAllocatedBytes();
    }

    /// Of this thread, so that others on the machine matter less.
    private static long cpu() {
        return THREADS.getCurrentThreadCpuTime();
    }
}
