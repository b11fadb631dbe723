/// A file as manifests for a cluster: which environment is meant, the configuration that the
/// gateway's pods are given, and where the result goes.
@NullMarked
package dev.tidemill.cli.render;

import org.jspecify.annotations.NullMarked;
