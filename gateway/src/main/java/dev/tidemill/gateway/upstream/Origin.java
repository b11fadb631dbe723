package dev.tidemill.gateway.upstream;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.function.Supplier;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/// Where connections to a server go.
///
/// @param tls null for plain text
/// @param rule where its name may lead
/// @param near whether it is a server of ours
record Origin(
        String host, int port, @Nullable SSLSocketFactory tls, AddressRule rule, boolean near) {
    private static final int NEAR_MILLIS = 1000;
    private static final int FAR_MILLIS = 5000;

    static Origin of(URI url, Supplier<SSLSocketFactory> tls, AddressRule rule, boolean near) {
        boolean secure = url.getScheme().toLowerCase(Locale.ROOT).equals("https");
        int port = url.getPort() > 0 ? url.getPort() : secure ? 443 : 80;
        return new Origin(url.getHost(), port, secure ? tls.get() : null, rule, near);
    }

    /// Resolved each time: a name may have moved.
    InetSocketAddress address() throws IOException {
        InetSocketAddress address = new InetSocketAddress(bare(), port);
        if (address.isUnresolved()) {
            throw new UnknownHostException("its name is not known");
        }
        if (!rule.allows(host, tls != null, address.getAddress())) {
            throw new IOException(
                    "its name leads into a private network (expected: not so, or allowPrivate)");
        }
        return address;
    }

    /// How long a connection may take: what is encrypted is elsewhere, unless it is ours.
    int connectMillis() {
        return tls == null || near ? NEAR_MILLIS : FAR_MILLIS;
    }

    /// The connected socket, or what is encrypted over it once the server has shown who it is.
    Socket secured(Socket socket, int millis) throws IOException {
        if (tls == null) {
            return socket;
        }
        SSLSocket secured = (SSLSocket) tls.createSocket(socket, bare(), port, true);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        parameters.setApplicationProtocols(new String[] {"http/1.1"});
        secured.setSSLParameters(parameters);
        socket.setSoTimeout(millis);
        secured.startHandshake();
        socket.setSoTimeout(0);
        return secured;
    }

    /// Addresses of IPv6 are in brackets in a URL only.
    private String bare() {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }
}
