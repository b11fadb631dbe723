package dev.tidemill.common;

import java.net.InetAddress;
import java.util.Arrays;

/// A range of IP addresses, written `10.0.0.0/8`, `2001:db8::/32`, or as one address.
public final class AddressRange {
    /// What [#parse] accepts, for error messages.
    public static final String EXPECTED =
            "an address or range such as 10.0.0.0/8, 192.168.1.7 or 2001:db8::/32";

    private static final int MAX_TEXT = 64;

    private final String text;
    private final byte[] prefix;
    private final int bits;

    private AddressRange(String text, byte[] prefix, int bits) {
        this.text = text;
        this.prefix = prefix;
        this.bits = bits;
    }

    /// Never asks a name server.
    ///
    /// @throws IllegalArgumentException when the text is no range
    public static AddressRange parse(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        if (text.length() > MAX_TEXT || address.isEmpty()) {
            throw wrong(text);
        }
        try {
            byte[] bytes = InetAddress.ofLiteral(address).getAddress();
            int bits =
                    slash < 0 ? bytes.length * 8 : Integer.parseInt(text.substring(slash + 1), 10);
            if (bits < 0 || bits > bytes.length * 8) {
                throw wrong(text);
            }
            return new AddressRange(text, bytes, bits);
        } catch (IllegalArgumentException e) {
            throw wrong(text);
        }
    }

    /// Whether the address is in the range. An IPv4 address is not in a range of IPv6.
    public boolean contains(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length != prefix.length) {
            return false;
        }
        int whole = bits / 8;
        if (Arrays.mismatch(bytes, 0, whole, prefix, 0, whole) >= 0) {
            return false;
        }
        int mask = 0xff00 >> (bits % 8) & 0xff;
        return bits % 8 == 0 || (bytes[whole] & mask) == (prefix[whole] & mask);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AddressRange range && range.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }

    private static IllegalArgumentException wrong(String text) {
        return new IllegalArgumentException(
                "address: '%s' (expected: %s)".formatted(text, EXPECTED));
    }
}
