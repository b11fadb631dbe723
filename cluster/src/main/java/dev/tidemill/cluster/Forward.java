package dev.tidemill.cluster;

import io.fabric8.kubernetes.client.LocalPortForward;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;

/// A port of a pod as one of this machine, through the API server: no Service, Ingress or network
/// policy is asked.
public final class Forward implements AutoCloseable {
    private final LocalPortForward forward;

    Forward(LocalPortForward forward) {
        this.forward = forward;
    }

    public URI address() {
        return URI.create("http://127.0.0.1:" + forward.getLocalPort());
    }

    @Override
    public void close() {
        try {
            forward.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
