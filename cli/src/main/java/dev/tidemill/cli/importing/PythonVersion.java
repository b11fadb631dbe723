package dev.tidemill.cli.importing;

/// A Python's version, without its patch level.
record PythonVersion(int major, int minor) {
    @Override
    public String toString() {
        return major + "." + minor;
    }
}
