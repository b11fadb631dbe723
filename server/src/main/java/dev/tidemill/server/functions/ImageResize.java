package dev.tidemill.server.functions;

import dev.tidemill.runtimes.spi.DataType;
import dev.tidemill.runtimes.spi.FunctionParameters;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.runtimes.spi.TensorSpec;
import java.nio.ByteBuffer;
import java.util.List;

/// Images to a size: `image` [n, height, width, channels] to `resized`, bilinear between the four
/// nearest pixels, pixel centres at halves, the edge repeated; then `(value * scale - mean) / std`
/// by channel, where the result is FP32. With `layout` NCHW the channels come before the rows.
@SuppressWarnings("ArrayRecordComponent") // compared nowhere, read for every pixel
record ImageResize(
        int width,
        int height,
        int channels,
        DataType from,
        DataType to,
        boolean channelsFirst,
        float[] scale,
        float[] mean,
        float[] std)
        implements FunctionModel {
    static final String NAME = "image_resize";
    private static final int MAX_SIZE = 8192;

    static ImageResize of(FunctionParameters parameters) {
        int channels = parameters.whole("channels", 1, 4, 3);
        DataType to = pixels(parameters, "output_type", DataType.FP32);
        ImageResize resize =
                new ImageResize(
                        parameters.whole("width", 1, MAX_SIZE),
                        parameters.whole("height", 1, MAX_SIZE),
                        channels,
                        pixels(parameters, "input_type", DataType.UINT8),
                        to,
                        parameters.oneOf("layout", List.of("NHWC", "NCHW"), "NHWC").equals("NCHW"),
                        parameters.decimals("scale", channels, 1),
                        parameters.decimals("mean", channels, 0),
                        parameters.decimals("std", channels, 1));
        for (float deviation : resize.std) {
            if (deviation <= 0) {
                throw FunctionParameters.wrong("std", String.valueOf(deviation), "above 0");
            }
        }
        return resize;
    }

    @Override
    public List<TensorSpec> inputs() {
        return List.of(new TensorSpec("image", from, List.of(-1L, -1L, -1L, (long) channels)));
    }

    @Override
    public List<TensorSpec> outputs() {
        List<Long> shape =
                channelsFirst
                        ? List.of(-1L, (long) channels, (long) height, (long) width)
                        : List.of(-1L, (long) height, (long) width, (long) channels);
        return List.of(new TensorSpec("resized", to, shape));
    }

    @Override
    public long workingBytes(List<Tensor> inputs) {
        return inputs.getFirst().shape()[0] * width * height * channels * to.byteWidth();
    }

    @Override
    public boolean isHeavy() {
        return true;
    }

    @Override
    public List<Tensor> run(List<Tensor> inputs) {
        long[] given = inputs.getFirst().shape();
        int rows = Math.toIntExact(given[0]);
        long[] shape =
                channelsFirst
                        ? new long[] {rows, channels, height, width}
                        : new long[] {rows, height, width, channels};
        ByteBuffer result = FunctionModel.block(to, shape);
        if (rows == 0) {
            return List.of(new Tensor.Numeric("resized", to, shape, result));
        }
        if (given[1] == 0 || given[2] == 0) {
            throw FunctionModel.refused(
                    "image", given[2] + " x " + given[1] + " pixels", "at least one");
        }
        ByteBuffer source = FunctionModel.bytes(inputs.getFirst());
        Axis down = Axis.of((int) given[1], height, (int) given[2] * channels);
        Axis across = Axis.of((int) given[2], width, channels);
        int image = (int) (given[1] * given[2]) * channels;
        int stepOfChannel = channelsFirst ? height * width : 1;
        int stepOfPixel = channelsFirst ? 1 : channels;
        for (int row = 0; row < rows; row++) {
            int target = row * height * width * channels;
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    int at = target + (y * width + x) * stepOfPixel;
                    for (int channel = 0; channel < channels; channel++) {
                        int base = row * image + channel;
                        float value = between(source, base, down, y, across, x);
                        put(result, at + channel * stepOfChannel, value, channel);
                    }
                }
            }
        }
        return List.of(new Tensor.Numeric("resized", to, shape, result));
    }

    /// For every target place the two source places around it, as offsets, and how far it is from
    /// the first.
    @SuppressWarnings("ArrayRecordComponent") // lives for one run
    private record Axis(int[] first, int[] second, float[] part) {
        static Axis of(int from, int to, int step) {
            int[] first = new int[to];
            int[] second = new int[to];
            float[] part = new float[to];
            for (int i = 0; i < to; i++) {
                double at = Math.clamp((i + 0.5) * from / to - 0.5, 0, from - 1);
                int low = (int) at;
                first[i] = low * step;
                second[i] = Math.min(low + 1, from - 1) * step;
                part[i] = (float) (at - low);
            }
            return new Axis(first, second, part);
        }
    }

    private float between(ByteBuffer source, int base, Axis down, int y, Axis across, int x) {
        float topLeft = pixel(source, base + down.first[y] + across.first[x]);
        float topRight = pixel(source, base + down.first[y] + across.second[x]);
        float lowLeft = pixel(source, base + down.second[y] + across.first[x]);
        float lowRight = pixel(source, base + down.second[y] + across.second[x]);
        float top = topLeft + (topRight - topLeft) * across.part[x];
        float low = lowLeft + (lowRight - lowLeft) * across.part[x];
        return top + (low - top) * down.part[y];
    }

    private float pixel(ByteBuffer source, int index) {
        return from == DataType.UINT8
                ? source.get(index) & 0xff
                : source.getFloat(index * Float.BYTES);
    }

    private void put(ByteBuffer result, int index, float value, int channel) {
        float scaled = (value * scale[channel] - mean[channel]) / std[channel];
        if (to == DataType.UINT8) {
            result.put(index, (byte) Math.clamp(Math.round(scaled), 0, 255));
        } else {
            result.putFloat(index * Float.BYTES, scaled);
        }
    }

    private static DataType pixels(FunctionParameters parameters, String key, DataType otherwise) {
        DataType type = parameters.type(key, otherwise);
        if (type != DataType.UINT8 && type != DataType.FP32) {
            throw FunctionParameters.wrong(key, type.name(), "UINT8 or FP32");
        }
        return type;
    }
}
