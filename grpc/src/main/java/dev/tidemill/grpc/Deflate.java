package dev.tidemill.grpc;

import io.grpc.Codec;
import io.grpc.CompressorRegistry;
import io.grpc.DecompressorRegistry;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/// The encoding that gRPC for Java lacks, and other clients offer beside gzip.
public final class Deflate implements Codec {
    private static final String NAME = "deflate";

    private Deflate() {}

    /// Whether answers can be in it, beside as they are.
    public static boolean isOffered(String encoding) {
        return encoding.equals(NAME) || encoding.equals("gzip");
    }

    public static CompressorRegistry compressors() {
        CompressorRegistry registry = CompressorRegistry.newEmptyInstance();
        registry.register(new Codec.Gzip());
        registry.register(Codec.Identity.NONE);
        registry.register(new Deflate());
        return registry;
    }

    public static DecompressorRegistry decompressors() {
        return DecompressorRegistry.getDefaultInstance().with(new Deflate(), true);
    }

    @Override
    public String getMessageEncoding() {
        return NAME;
    }

    @Override
    public InputStream decompress(InputStream in) {
        return new InflaterInputStream(in);
    }

    @Override
    public OutputStream compress(OutputStream out) {
        return new DeflaterOutputStream(out);
    }
}
