package dev.tidemill.server.functions.jpeg;

/// Reads what a scan has of a block.
interface BlockReader {
    /// @param block where it begins
    void read(short[] coefficients, int block) throws BrokenJpegException;

    /// Forgets what earlier blocks said.
    void restart();
}
