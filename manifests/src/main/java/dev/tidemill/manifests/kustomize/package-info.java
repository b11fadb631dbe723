/// The same objects as a Kustomize base and an overlay for each environment.
@NullMarked
package dev.tidemill.manifests.kustomize;

import org.jspecify.annotations.NullMarked;
