package dev.tidemill.server.cache;

import dev.tidemill.common.Digest;
import dev.tidemill.runtimes.spi.Tensor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.List;

/// The SHA-256 of all that an answer depends on. Every part is written with its length before it,
/// so that no two questions write the same bytes; equal digests are equal questions, since nobody
/// can make two with one digest.
public record Question(long a, long b, long c, long d) {

    static Question of(
            String model, String version, long owner, List<Tensor> inputs, List<String> wanted) {
        Writer writer = new Writer(Digest.sha256());
        writer.number(owner);
        writer.text(model);
        writer.text(version);
        writer.number(inputs.size());
        List<Tensor> sorted =
                inputs.size() < 2
                        ? inputs
                        : inputs.stream().sorted(Comparator.comparing(Tensor::name)).toList();
        sorted.forEach(writer::tensor);
        writer.number(wanted.size());
        wanted.forEach(writer::text);
        ByteBuffer digest = ByteBuffer.wrap(writer.digest().digest());
        return new Question(digest.getLong(), digest.getLong(), digest.getLong(), digest.getLong());
    }

    private record Writer(MessageDigest digest, ByteBuffer eight) {
        Writer(MessageDigest digest) {
            this(digest, ByteBuffer.allocate(Long.BYTES));
        }

        void number(long value) {
            digest.update(eight.clear().putLong(value).flip());
        }

        void text(String value) {
            bytes(value.getBytes(StandardCharsets.UTF_8));
        }

        void bytes(byte[] value) {
            number(value.length);
            digest.update(value);
        }

        void tensor(Tensor tensor) {
            text(tensor.name());
            text(tensor.type().name());
            number(tensor.shape().length);
            for (long dimension : tensor.shape()) {
                number(dimension);
            }
            switch (tensor) {
                case Tensor.Numeric numeric -> {
                    number(numeric.data().remaining());
                    digest.update(numeric.data().duplicate());
                }
                case Tensor.Text text -> {
                    number(text.values().size());
                    text.values().forEach(this::bytes);
                }
            }
        }
    }
}
