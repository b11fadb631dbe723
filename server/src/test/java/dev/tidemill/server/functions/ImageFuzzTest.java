package dev.tidemill.server.functions;

import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import dev.tidemill.runtimes.spi.LoadedModel;
import dev.tidemill.runtimes.spi.Tensor;
import dev.tidemill.server.fuzz.Answer;
import dev.tidemill.server.fuzz.Bytes;
import dev.tidemill.server.fuzz.Fuzz;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/// Whatever bytes come as an image, they are decoded or refused. A tenth of the inputs that other
/// readers get, because decoding takes its time.
final class ImageFuzzTest {
    private static final int WORKERS = 2;
    private static final LoadedModel DECODE =
            Opened.function("image_decode", "max_pixels", "65536");

    @SuppressWarnings("ArrayRecordComponent") // compared nowhere
    private record File(byte[] bytes) {
        @Override
        public String toString() {
            return HexFormat.of().formatHex(bytes);
        }
    }

    @Test
    void broken_images_are_the_clients_mistake() throws InterruptedException {
        List<byte[]> seeds = seeds();
        new Fuzz<>(
                        "image files",
                        random -> new File(mutant(seeds, random)),
                        () -> ImageFuzzTest::decoded,
                        WORKERS,
                        new Fuzz.AtLeast(0.1, 0.5, 12))
                .run(Fuzz.count() / 10);
    }

    private static Answer decoded(File file) {
        try {
            List<Tensor> images =
                    List.of(new Tensor.Text("image", new long[] {1}, List.of(file.bytes())));
            DECODE.workingBytes(images);
            DECODE.run(images);
            return new Answer.Accepted();
        } catch (TidemillException e) {
            String why = String.valueOf(e.getMessage());
            return e.code() == ErrorCode.INVALID_REQUEST
                    // Without quotes, what is broken counts as a reason of its own.
                    ? new Answer.Refused(why.replace("'", ""), why.contains("'unknown'"))
                    : new Answer.Wrong(e.toString());
        }
    }

    private static byte[] mutant(List<byte[]> seeds, SplittableRandom random) {
        byte[] mutant = seeds.get(random.nextInt(seeds.size()));
        for (int i = random.nextInt(4); i > 0; i--) {
            mutant = Bytes.change(mutant, random);
        }
        return mutant;
    }

    private static List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>(Photos.all());
        int[] types = {
            BufferedImage.TYPE_INT_RGB,
            BufferedImage.TYPE_BYTE_GRAY,
            BufferedImage.TYPE_BYTE_BINARY,
            BufferedImage.TYPE_INT_ARGB
        };
        for (String format : List.of("png", "jpeg", "bmp", "gif")) {
            for (int type : types) {
                try {
                    ByteArrayOutputStream out = new ByteArrayOutputStream();
                    BufferedImage image = new BufferedImage(9, 7, type);
                    image.setRGB(3, 3, 0xff804020);
                    if (ImageIO.write(image, format, out)) {
                        seeds.add(out.toByteArray());
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        byte[] inside = Photos.turned(1);
        seeds.add(
                ByteBuffer.allocate(54 + inside.length)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .put(0, new byte[] {'B', 'M'})
                        .putInt(10, 54)
                        .putInt(14, 40)
                        .putInt(18, 16)
                        .putInt(22, 8)
                        .putShort(26, (short) 1)
                        .putInt(30, 4)
                        .putInt(34, inside.length)
                        .put(54, inside)
                        .array());
        return seeds;
    }
}
