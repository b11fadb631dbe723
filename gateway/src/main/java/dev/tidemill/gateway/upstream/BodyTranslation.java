package dev.tidemill.gateway.upstream;

/// Makes other bytes of a body while it passes. Used by one thread.
public interface BodyTranslation {
    /// What a piece becomes; may be nothing.
    byte[] next(byte[] piece) throws Broken;

    /// What follows the last piece.
    byte[] end() throws Broken;

    /// The body is not what it should be, or says itself that it failed.
    final class Broken extends Exception {
        private static final long serialVersionUID = 1;

        public Broken(String message) {
            super(message);
        }
    }
}
