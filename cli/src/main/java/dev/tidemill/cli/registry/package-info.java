/// Brings versions from a registry to the disk of a model server that runs alone, checks them by
/// their digests, and follows aliases.
@NullMarked
package dev.tidemill.cli.registry;

import org.jspecify.annotations.NullMarked;
