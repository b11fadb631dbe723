package dev.tidemill.server.repository;

import dev.tidemill.common.ByteSize;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.server.modelconfig.WarmUpRequest;
import dev.tidemill.server.modelconfig.WarmUpRequest.Fill;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// The inputs of the warm-up requests that a configuration describes.
final class WarmUpInputs {
    /// Of one input: more is a mistake in `dims`.
    private static final long MAX_BYTES = 1L << 30;

    /// What a text takes at least: its header, and its place in a list.
    private static final int TEXT_BYTES = 32;

    private WarmUpInputs() {}

    /// @param folder of the model, with the files in `warmup`
    /// @throws TidemillException `INVALID_SPEC` when one cannot be made
    static List<Tensor> of(WarmUpRequest request, Path folder) {
        SplittableRandom random = new SplittableRandom(1);
        List<Tensor> tensors = new ArrayList<>();
        request.inputs()
                .forEach(
                        (name, input) -> tensors.add(tensor(request, name, input, folder, random)));
        return tensors;
    }

    private static Tensor tensor(
            WarmUpRequest request,
            String name,
            WarmUpRequest.Input input,
            Path folder,
            SplittableRandom random) {
        List<Long> full = new ArrayList<>(input.shape());
        if (request.batchSize() > 0) {
            full.addFirst((long) request.batchSize());
        }
        long[] shape = full.stream().mapToLong(Long::longValue).toArray();
        long count = 1;
        for (long size : shape) {
            count = size == 0 ? 0 : count > MAX_BYTES / size ? MAX_BYTES + 1 : count * size;
        }
        boolean text = input.type() == DataType.BYTES;
        int width = text ? TEXT_BYTES : input.type().byteWidth();
        // Texts are on the heap, which may be smaller than what a tensor may take beside it.
        long most = text ? Math.min(MAX_BYTES, Runtime.getRuntime().maxMemory() / 4) : MAX_BYTES;
        if (count * width > most) {
            throw wrong(request, name, full + "", "at most " + new ByteSize(most));
        }
        if (text) {
            return texts(request, name, input, shape, (int) count, folder, random);
        }
        ByteBuffer data =
                ByteBuffer.allocateDirect((int) count * width).order(ByteOrder.LITTLE_ENDIAN);
        switch (input.fill()) {
            case ZERO -> {}
            case RANDOM -> random(data, input.type(), (int) count, random);
            case FILE -> {
                byte[] bytes = read(request, name, input, folder);
                if (bytes.length != data.capacity()) {
                    throw wrong(request, name, bytes.length + " bytes", data.capacity() + " bytes");
                }
                data.put(bytes).flip();
            }
        }
        return new Tensor.Numeric(name, input.type(), shape, data);
    }

    private static void random(ByteBuffer data, DataType type, int count, SplittableRandom random) {
        for (int i = 0; i < count; i++) {
            // Small, because many models look integers up in a table.
            type.put(data, type.isFraction() ? random.nextDouble() : random.nextInt(2));
        }
        data.flip();
    }

    private static Tensor texts(
            WarmUpRequest request,
            String name,
            WarmUpRequest.Input input,
            long[] shape,
            int count,
            Path folder,
            SplittableRandom random) {
        List<byte[]> values = new ArrayList<>();
        if (input.fill() == Fill.FILE) {
            ByteBuffer data =
                    ByteBuffer.wrap(read(request, name, input, folder))
                            .order(ByteOrder.LITTLE_ENDIAN);
            while (data.remaining() >= 4) {
                int length = data.getInt();
                if (length < 0 || length > data.remaining()) {
                    throw wrong(request, name, input.dataFile(), "a length before each text");
                }
                byte[] value = new byte[length];
                data.get(value);
                values.add(value);
            }
            if (values.size() != count) {
                throw wrong(request, name, values.size() + " texts", count + " texts");
            }
        }
        while (values.size() < count) {
            String text = input.fill() == Fill.ZERO ? "" : Integer.toString(random.nextInt(1000));
            values.add(text.getBytes(StandardCharsets.UTF_8));
        }
        return new Tensor.Text(name, shape, values);
    }

    private static byte[] read(
            WarmUpRequest request, String name, WarmUpRequest.Input input, Path folder) {
        Path data = folder.resolve("warmup");
        Path file = data.resolve(input.dataFile()).normalize();
        try {
            FileTree.requireInside(file, data.toRealPath());
            if (Files.size(file) > MAX_BYTES) {
                throw wrong(request, name, input.dataFile(), "a file of at most 1 GiB");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw wrong(request, name, input.dataFile(), "a file in the model's folder warmup");
        }
    }

    private static TidemillException wrong(
            WarmUpRequest request, String input, String found, String expected) {
        return new TidemillException(
                ErrorCode.INVALID_SPEC,
                "model_warmup %s: input %s: '%s' (expected: %s)"
                        .formatted(request.name(), input, found, expected));
    }
}
