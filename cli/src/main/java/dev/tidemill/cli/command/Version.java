package dev.tidemill.cli.command;

import dev.tidemill.runtimes.onnx.OnnxNativeLibrary;
import picocli.CommandLine.IVersionProvider;

/// What `--version` says: which Tidemill, and which of the two ONNX Runtimes this build has.
final class Version implements IVersionProvider {
    /// Of this release.
    static final String RELEASE = "0.1.0";

    @Override
    public String[] getVersion() {
        return new String[] {"tidemill " + RELEASE, OnnxNativeLibrary.flavour()};
    }
}
