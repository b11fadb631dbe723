/// Trees of values as YAML that every parser reads alike, whichever version of YAML it knows.
@NullMarked
package dev.tidemill.manifests.yaml;

import org.jspecify.annotations.NullMarked;
