package dev.tidemill.gateway.upstream;

import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/// Which headers end at this hop (RFC 9110, section 7.6.1) and are never passed on, in either
/// direction.
public final class HopByHop {
    private static final HeaderSet ALWAYS =
            HeaderSet.of(
                    HeaderNames.CONNECTION,
                    HeaderNames.create("Keep-Alive"),
                    HeaderNames.create("Proxy-Connection"),
                    HeaderNames.PROXY_AUTHENTICATE,
                    HeaderNames.PROXY_AUTHORIZATION,
                    HeaderNames.TE,
                    HeaderNames.TRAILER,
                    HeaderNames.TRANSFER_ENCODING,
                    HeaderNames.UPGRADE);
    private static final HopByHop PLAIN = new HopByHop(Set.of());

    private final Set<String> named;

    private HopByHop(Set<String> named) {
        this.named = named;
    }

    /// The rule for one message, whose `Connection` header may name further headers.
    public static HopByHop of(Headers headers) {
        if (!headers.contains(HeaderNames.CONNECTION)) {
            return PLAIN;
        }
        Set<String> named = new HashSet<>();
        for (String line : headers.get(HeaderNames.CONNECTION).allValues()) {
            if (isPlain(line)) {
                continue;
            }
            for (String token : line.split(",", -1)) {
                named.add(token.strip().toLowerCase(Locale.ROOT));
            }
        }
        return named.isEmpty() ? PLAIN : new HopByHop(named);
    }

    public boolean endsHere(Header header) {
        HeaderName name = header.headerName();
        return ALWAYS.contains(name) || (!named.isEmpty() && named.contains(name.lowerCase()));
    }

    /// Nearly every message says one of these two, which name no header.
    private static boolean isPlain(String line) {
        return line.equalsIgnoreCase("keep-alive") || line.equalsIgnoreCase("close");
    }
}
