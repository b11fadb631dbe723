package dev.tidemill.gateway.forward;

import dev.tidemill.gateway.upstream.HeaderSet;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import java.net.InetAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Headers of an answer that say where something is. A server behind the gateway names itself there
/// now and then, by an address that is nobody's business and leads its client nowhere: what is
/// behind the gateway becomes a path of the gateway's, what else is at home is left out, and other
/// places stay.
///
/// @param upstream who answered
/// @param host what the client calls the gateway, with its port; empty when it did not say
/// @param prefix of the path that was taken off the request
record Whereabouts(URI upstream, String host, String prefix) {
    private static final HeaderName REFRESH = HeaderNames.create("Refresh");
    private static final HeaderName LINK = HeaderNames.create("Link");
    private static final HeaderSet NAMING =
            HeaderSet.of(
                    HeaderNames.LOCATION,
                    HeaderNames.CONTENT_LOCATION,
                    HeaderNames.SET_COOKIE,
                    REFRESH,
                    LINK);

    private static final Pattern ABSOLUTE =
            Pattern.compile("([a-zA-Z][a-zA-Z0-9+.-]*:)?//([^/?#\\\\]*)(.*)", Pattern.DOTALL);
    private static final Pattern REFRESHED =
            Pattern.compile(
                    "(\\s*[\\d.]+\\s*[;,]\\s*(?:url\\s*=\\s*)?)[\"']?([^\"']*)[\"']?\\s*",
                    Pattern.CASE_INSENSITIVE);
    private static final Pattern LINKED = Pattern.compile("<([^>]*)>");
    private static final Pattern DOMAIN =
            Pattern.compile("\\s*;\\s*domain\\s*=\\s*([^;]*)", Pattern.CASE_INSENSITIVE);
    private static final List<String> HOME = List.of(".localhost", ".svc", ".cluster.local");

    static boolean isNamed(Header header) {
        return NAMING.contains(header.headerName());
    }

    /// The header as clients may see it.
    ///
    /// @return null when nothing of it is left
    @Nullable Header passed(Header header) {
        HeaderName name = header.headerName();
        List<String> values = new ArrayList<>(1);
        for (String value : header.allValues()) {
            String passed = value(name, value);
            if (passed != null) {
                values.add(passed);
            }
        }
        return values.isEmpty() ? null : HeaderValues.create(name, values);
    }

    private @Nullable String value(HeaderName name, String value) {
        if (name.equals(HeaderNames.SET_COOKIE)) {
            return cookie(value);
        }
        if (name.equals(REFRESH)) {
            Matcher refresh = REFRESHED.matcher(value);
            if (!refresh.matches()) {
                return value;
            }
            String to = reference(refresh.group(2));
            return to == null ? null : refresh.group(1) + to;
        }
        return name.equals(LINK) ? links(value) : reference(value.strip());
    }

    private @Nullable String links(String value) {
        StringBuilder passed = new StringBuilder();
        Matcher link = LINKED.matcher(value);
        while (link.find()) {
            String to = reference(link.group(1));
            if (to == null) {
                return null;
            }
            link.appendReplacement(passed, Matcher.quoteReplacement("<" + to + ">"));
        }
        return link.appendTail(passed).toString();
    }

    /// Browsers keep no cookie for another server than the one they asked: without the domain it is
    /// the gateway's.
    private String cookie(String value) {
        Matcher domain = DOMAIN.matcher(value);
        if (!domain.find()) {
            return value;
        }
        String given = domain.group(1).strip().toLowerCase(Locale.ROOT);
        String named = given.startsWith(".") ? given.substring(1) : given;
        String own = bare(host);
        return own.equals(named) || own.endsWith("." + named)
                ? value
                : value.substring(0, domain.start()) + value.substring(domain.end());
    }

    /// @return null for a place that is nobody's business
    private @Nullable String reference(String value) {
        Matcher absolute = ABSOLUTE.matcher(value);
        if (!absolute.matches()) {
            return value.startsWith("/") ? prefix + value : value;
        }
        String authority = absolute.group(2);
        String place = authority.substring(authority.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT);
        String rest = absolute.group(3);
        if (place.equals(host.toLowerCase(Locale.ROOT))) {
            return value.substring(0, absolute.start(3)) + onPath(rest);
        }
        String scheme = absolute.group(1);
        if (isUpstream(place, scheme == null ? upstream.getScheme() + ":" : scheme)) {
            return onPath(withoutBase(rest));
        }
        return isHome(bare(place)) || bare(place).equals(bare(upstream.getRawAuthority()))
                ? null
                : value;
    }

    private String onPath(String rest) {
        return prefix + (rest.startsWith("/") ? rest : "/" + rest);
    }

    private String withoutBase(String rest) {
        String path = upstream.getRawPath();
        String base = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        return !base.isEmpty() && rest.startsWith(base + "/")
                ? rest.substring(base.length())
                : rest;
    }

    private boolean isUpstream(String place, String scheme) {
        String own = upstream.getRawAuthority().toLowerCase(Locale.ROOT);
        return withPort(place, scheme).equals(withPort(own, upstream.getScheme() + ":"));
    }

    private static String withPort(String place, String scheme) {
        boolean has = place.lastIndexOf(':') > place.lastIndexOf(']');
        return has ? place : place + (scheme.equalsIgnoreCase("https:") ? ":443" : ":80");
    }

    private static String bare(String place) {
        int colon = place.lastIndexOf(':');
        String name = colon > place.lastIndexOf(']') ? place.substring(0, colon) : place;
        return name.toLowerCase(Locale.ROOT);
    }

    /// An address within a private network, or a name that means something there only.
    private static boolean isHome(String name) {
        if (name.isEmpty() || HOME.stream().anyMatch(name::endsWith)) {
            return true;
        }
        try {
            boolean bracketed = name.startsWith("[") && name.endsWith("]");
            InetAddress address =
                    InetAddress.ofLiteral(bracketed ? name.substring(1, name.length() - 1) : name);
            return address.isLoopbackAddress()
                    || address.isAnyLocalAddress()
                    || address.isLinkLocalAddress()
                    || address.isSiteLocalAddress()
                    || (address.getAddress().length == 16
                            && (address.getAddress()[0] & 0xfe) == 0xfc);
        } catch (IllegalArgumentException e) {
            return name.indexOf('.') < 0;
        }
    }
}
