package dev.tidemill.server.protocol.tfserving;

import dev.tidemill.http.Bodies;
import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.runtimes.spi.TensorSpec;
import dev.tidemill.server.protocol.tfserving.PredictRequest.Form;
import dev.tidemill.server.protocol.tfserving.TensorCursor.NotFinite;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/// How long a megabyte of rows takes to read and to write, and what is allocated meanwhile. Not a
/// test: run its main method.
final class RowsSpeed {
    private static final int MEGABYTE = 1 << 20;
    private static final int ROUNDS = 300;

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

    private static void measure(
            String name, DataType type, java.util.function.Supplier<String> value) {
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
        double[] reads = new double[ROUNDS];
        double[] writes = new double[ROUNDS];
        long before = 0;
        for (int i = -ROUNDS; i < ROUNDS; i++) {
            if (i == 0) {
                before = allocated();
            }
            long begin = System.nanoTime();
            List<Tensor> tensors =
                    PredictReader.read(body, specs, Bodies.Budget.UNLIMITED).inputs();
            long between = System.nanoTime();
            if (i >= 0) {
                reads[i] = (between - begin) / 1e6;
                continue;
            }
            PredictWriter.write(Form.ROWS, tensors, NotFinite.WORDS);
        }
        long allocated = (allocated() - before) / ROUNDS;
        List<Tensor> tensors = PredictReader.read(body, specs, Bodies.Budget.UNLIMITED).inputs();
        for (int i = 0; i < ROUNDS; i++) {
            long begin = System.nanoTime();
            PredictWriter.write(Form.ROWS, tensors, NotFinite.WORDS);
            writes[i] = (System.nanoTime() - begin) / 1e6;
        }
        Arrays.sort(reads);
        Arrays.sort(writes);
        System.out.printf(
                Locale.ROOT,
                "%-18s %7d bytes, %6d values: read %.2f ms (p90 %.2f), %d heap bytes allocated; write %.2f ms%n",
                name,
                body.length,
                rows * 64,
                reads[ROUNDS / 2],
                reads[ROUNDS * 9 / 10],
                allocated,
                writes[ROUNDS / 2]);
    }

    private static long allocated() {
        var threads =
                (com.sun.management.ThreadMXBean)
                        java.lang.management.ManagementFactory.getThreadMXBean();
        return threads.getCurrentThreadAllocatedBytes();
    }
}
