package dev.tidemill.cli.importing;

/// Versions 3.`from` to 3.`to` of Python, both included.
record PythonRange(int from, int to) {
    boolean contains(PythonVersion version) {
        return version.major() == 3 && version.minor() >= from && version.minor() <= to;
    }

    @Override
    public String toString() {
        return from == to ? "3." + from : "3.%d to 3.%d".formatted(from, to);
    }
}
