/// A Kubernetes cluster as trees of fields go in and come out: who uses it needs none of the client
/// library's types.
@NullMarked
package dev.tidemill.cluster;

import org.jspecify.annotations.NullMarked;
