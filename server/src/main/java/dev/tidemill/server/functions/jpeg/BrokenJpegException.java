package dev.tidemill.server.functions.jpeg;

import java.io.IOException;

/// A file that is no whole JPEG file, or of a kind that is not read.
final class BrokenJpegException extends IOException {
    private static final long serialVersionUID = 1L;

    BrokenJpegException(String what) {
        super(what);
    }
}
