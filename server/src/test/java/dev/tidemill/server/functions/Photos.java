package dev.tidemill.server.functions;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/// JPEG files as cameras and printers make them.
final class Photos {
    private Photos() {}

    /// 16 x 8 inks: (200, 30, 60, 40) on the left and (10, 220, 90, 0) on the right of 255. Made by
    /// Pillow 13.0, which reads (46, 190, 164) and (245, 35, 165) as red, green and blue.
    static byte[] cmyk() {
        return resource("cmyk.jpg");
    }

    /// The same bytes, said to be brightness and colours: Pillow reads (89, 215, 24) and (0, 4,
    /// 175).
    static byte[] ycck() {
        return resource("ycck.jpg");
    }

    static List<byte[]> all() {
        return List.of(cmyk(), ycck(), turned(6), turned(1), progressive(1));
    }

    /// 16 x 8 pixels as stored, red in the upper left quarter, blue elsewhere.
    static byte[] turned(int orientation) {
        BufferedImage image = new BufferedImage(16, 8, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < 8; y++) {
            for (int x = 0; x < 16; x++) {
                image.setRGB(x, y, x < 8 && y < 4 ? 0xff0000 : 0x0000ff);
            }
        }
        byte[] plain = write(image, ImageWriteParam.MODE_DISABLED);
        byte[] exif = exif(orientation);
        return ByteBuffer.allocate(plain.length + exif.length)
                .put(plain, 0, 2)
                .put(exif)
                .put(plain, 2, plain.length - 2)
                .array();
    }

    /// @param times that the last of its scans is there
    static byte[] progressive(int times) {
        BufferedImage image = new BufferedImage(16, 8, BufferedImage.TYPE_INT_RGB);
        byte[] file = write(image, ImageWriteParam.MODE_DEFAULT);
        int last = file.length - 2;
        while (file[last] != (byte) 0xff || file[last + 1] != (byte) 0xda) {
            last--;
        }
        byte[] scan = Arrays.copyOfRange(file, last, file.length - 2);
        ByteArrayOutputStream more = new ByteArrayOutputStream();
        more.write(file, 0, last);
        for (int i = 0; i < times; i++) {
            more.writeBytes(scan);
        }
        more.write(file, file.length - 2, 2);
        return more.toByteArray();
    }

    private static byte[] exif(int orientation) {
        ByteBuffer exif = ByteBuffer.allocate(36);
        exif.putShort((short) 0xffe1).putShort((short) 34);
        exif.put("Exif\0\0".getBytes(StandardCharsets.US_ASCII));
        exif.put("MM\0*".getBytes(StandardCharsets.US_ASCII)).putInt(8);
        exif.putShort((short) 1);
        exif.putShort((short) 0x0112).putShort((short) 3).putInt(1).putShort((short) orientation);
        return exif.putShort((short) 0).putInt(0).array();
    }

    private static byte[] write(BufferedImage image, int progressive) {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            ImageWriteParam how = writer.getDefaultWriteParam();
            how.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            how.setCompressionQuality(1);
            how.setProgressiveMode(progressive);
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), how);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    private static byte[] resource(String name) {
        try (InputStream in = Photos.class.getResourceAsStream("/photos/" + name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
