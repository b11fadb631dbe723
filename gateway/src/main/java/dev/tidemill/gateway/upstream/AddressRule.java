package dev.tidemill.gateway.upstream;

import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// Where a name may lead. Whoever writes an address into a file means it; a name is resolved by
/// servers of others, and one of a provider that suddenly leads into the network at home is an
/// attack, or a mistake that sends prompts and keys to the wrong machine.
///
/// - Link-local addresses, where clouds keep their metadata, are never meant.
/// - A name in an https URL that is not private by its own ending leads neither to this machine nor
///   to private networks. Plain http is what is spoken inside of them.
///
/// @param allowPrivate whether the file says that all of that is meant
public record AddressRule(boolean allowPrivate) {
    /// For replicas that we start ourselves.
    public static final AddressRule ANY = new AddressRule(true);

    private static final List<String> PRIVATE_NAMES =
            List.of(
                    ".local",
                    ".localhost",
                    ".internal",
                    ".svc",
                    ".lan",
                    ".home.arpa",
                    ".intranet",
                    ".corp",
                    ".test");

    private static final Pattern LITERAL =
            Pattern.compile("[\\d.]+|\\[?[0-9a-f:.%]*:[0-9a-f:.%]*\\]?");

    /// @param host as it is in the URL
    boolean allows(String host, boolean secure, InetAddress address) {
        if (allowPrivate) {
            return true;
        }
        if (address.isLinkLocalAddress() || address.isMulticastAddress()) {
            return false;
        }
        return !secure || isPrivate(host.toLowerCase(Locale.ROOT)) || !isPrivate(address);
    }

    /// An address itself, a name without dots, or one that can only be at home.
    private static boolean isPrivate(String host) {
        return LITERAL.matcher(host).matches()
                || host.indexOf('.') < 0
                || PRIVATE_NAMES.stream().anyMatch(host::endsWith);
    }

    private static boolean isPrivate(InetAddress address) {
        byte[] bytes = address.getAddress();
        int first = bytes[0] & 0xff;
        int second = bytes[1] & 0xff;
        boolean shared = bytes.length == 4 && first == 100 && second >= 64 && second < 128;
        boolean uniqueLocal = bytes.length == 16 && (first & 0xfe) == 0xfc;
        return address.isLoopbackAddress()
                || address.isAnyLocalAddress()
                || address.isSiteLocalAddress()
                || shared
                || uniqueLocal;
    }
}
