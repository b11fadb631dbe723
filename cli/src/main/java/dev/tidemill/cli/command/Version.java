package dev.tidemill.cli.command;

import dev.tidemill.runtimes.onnx.OnnxNativeLibrary;
import picocli.CommandLine.IVersionProvider;

/// What `--version` says: which Tidemill, and which of the two ONNX Runtimes this build has.
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {"tidemill 0.1.0", OnnxNativeLibrary.flavour()};
    }
}
