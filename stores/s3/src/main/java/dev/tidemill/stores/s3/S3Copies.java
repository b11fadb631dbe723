package dev.tidemill.stores.s3;

import dev.tidemill.common.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.function.Supplier;

/// Files as objects of the same name, each put once and never changed or removed here. Beside each
/// is `NAME.sha256`, put last, in the form that `sha256sum --check` reads: a file without it is not
/// there as a whole.
public final class S3Copies implements AutoCloseable {
    private static final String MARK = ".sha256";

    private final S3Objects objects;

    /// @param credentials asked for each request, so that they may be exchanged
    public S3Copies(S3Address address, Supplier<S3Credentials> credentials, InstantSource clock) {
        this.objects = new S3Objects(address, credentials, clock);
    }

    /// @return false when it is there already
    /// @throws dev.tidemill.common.TidemillException `UPSTREAM_FAILED` when the bucket refuses it
    public boolean put(Path file) throws IOException {
        String name = String.valueOf(file.getFileName());
        if (objects.get(name + MARK).isPresent()) {
            return false;
        }
        objects.put(name, file);
        String mark = "%s  %s\n".formatted(Digest.of(file).hex(), name);
        objects.put(name + MARK, mark.getBytes(StandardCharsets.UTF_8));
        return true;
    }

    @Override
    public void close() {
        objects.close();
    }
}
