package dev.tidemill.http.tls;

import io.helidon.webserver.http.ServerRequest;
import java.util.Set;

/// Who sends a request, on a listener that looks at certificates.
public final class Peers {
    private Peers() {}

    /// What the caller's certificate says that it is; nothing when it has shown none.
    public static Set<Role> roles(ServerRequest request) {
        return PeerName.roles(request.remotePeer().tlsCertificates());
    }
}
