package dev.tidemill.spec.cluster;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/// How an app's container runs.
///
/// @param image with its registry and tag or digest; empty for an app that no cluster runs
/// @param args for the image's own entry point
/// @param user numeric, not root
/// @param writable folders that are empty at the start, beside /tmp
/// @param calls servers that it may reach, each with its port
public record ContainerSettings(
        Optional<String> image,
        List<String> args,
        int user,
        List<String> writable,
        List<URI> calls) {
    public ContainerSettings {
        args = List.copyOf(args);
        writable = List.copyOf(writable);
        calls = List.copyOf(calls);
    }
}
