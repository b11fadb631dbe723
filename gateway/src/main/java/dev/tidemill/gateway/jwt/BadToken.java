package dev.tidemill.gateway.jwt;

/// A token that does not hold. The message says what it should be.
final class BadToken extends Exception {
    private static final long serialVersionUID = 1;

    BadToken(String expected) {
        super(expected);
    }
}
