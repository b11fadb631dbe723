package dev.tidemill.gateway.access;

import dev.tidemill.common.AddressRange;
import dev.tidemill.common.ErrorCode;
import dev.tidemill.common.TidemillException;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.webserver.http.ServerRequest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which addresses may connect. Behind proxies that are trusted the client is the last address of
/// `X-Forwarded-For` that is not one of theirs: everything before it anybody could have written.
final class AddressGate {
    private static final HeaderName FORWARDED_FOR = HeaderNames.create("X-Forwarded-For");

    private final List<AddressRange> allow;
    private final List<AddressRange> trusted;

    AddressGate(List<String> allow, List<String> trusted) {
        this.allow = allow.stream().map(AddressRange::parse).toList();
        this.trusted = trusted.stream().map(AddressRange::parse).toList();
    }

    /// The client's address.
    ///
    /// @throws TidemillException `FORBIDDEN` when it is not let in
    String client(ServerRequest request) {
        return client(request.headers(), request.remotePeer().address());
    }

    /// As above.
    ///
    /// @param peer null when it is not known
    String client(ServerRequestHeaders headers, @Nullable SocketAddress peer) {
        if (!(peer instanceof InetSocketAddress socket)) {
            throw forbidden("unknown");
        }
        InetAddress nearest = socket.getAddress();
        if (allow.isEmpty() && trusted.isEmpty()) {
            return nearest.getHostAddress();
        }
        InetAddress client = in(trusted, nearest) ? forwarded(headers, nearest) : nearest;
        if (!allow.isEmpty() && !in(allow, client)) {
            throw forbidden(client.getHostAddress());
        }
        return client.getHostAddress();
    }

    boolean isTrusted(InetAddress address) {
        return in(trusted, address);
    }

    private InetAddress forwarded(ServerRequestHeaders headers, InetAddress peer) {
        if (!headers.contains(FORWARDED_FOR)) {
            return peer;
        }
        InetAddress nearest = peer;
        String[] hops = String.join(",", headers.get(FORWARDED_FOR).allValues()).split(",", -1);
        for (int i = hops.length - 1; i >= 0; i--) {
            try {
                nearest = InetAddress.ofLiteral(hops[i].strip());
            } catch (IllegalArgumentException e) {
                throw forbidden(hops[i].strip());
            }
            if (!in(trusted, nearest)) {
                return nearest;
            }
        }
        return nearest;
    }

    private static boolean in(List<AddressRange> ranges, InetAddress address) {
        for (int i = 0; i < ranges.size(); i++) {
            if (ranges.get(i).contains(address)) {
                return true;
            }
        }
        return false;
    }

    private static TidemillException forbidden(String address) {
        String shown = address.length() > 64 ? address.substring(0, 64) : address;
        return new TidemillException(
                ErrorCode.FORBIDDEN,
                "address: '%s' (expected: one that is let in)".formatted(shown));
    }
}
