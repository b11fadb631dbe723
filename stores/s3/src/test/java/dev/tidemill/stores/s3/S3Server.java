package dev.tidemill.stores.s3;

import java.net.URI;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;

/// A server of S3's protocol that checks signatures, with its objects in memory.
final class S3Server {
    static final S3Credentials CREDENTIALS =
            new S3Credentials("an-id", "a-secret", Optional.empty());

    private final BlobStore blobs = BlobStores.create("transient-nio2", new Properties());
    private final S3Proxy server;

    private S3Server() {
        server =
                S3Proxy.builder()
                        .blobStore(blobs)
                        .endpoint(URI.create("http://127.0.0.1:0"))
                        .awsAuthentication(
                                AuthenticationType.AWS_V4,
                                CREDENTIALS.accessKeyId(),
                                CREDENTIALS.secretAccessKey())
                        .build();
    }

    static S3Server start() throws Exception {
        S3Server started = new S3Server();
        started.server.start();
        return started;
    }

    /// Of a bucket that nobody used before.
    S3Address address() {
        String bucket = "models-" + UUID.randomUUID();
        blobs.createContainer(bucket);
        return address(bucket);
    }

    S3Address address(String bucket) {
        return new S3Address(
                bucket,
                "a team's/",
                Optional.of(URI.create("http://127.0.0.1:" + server.getPort())),
                "us-east-1",
                true);
    }

    void stop() throws Exception {
        server.stop();
    }
}
