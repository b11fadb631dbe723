/// The same objects as a Helm chart, whose values are what the file says.
@NullMarked
package dev.tidemill.manifests.helm;

import org.jspecify.annotations.NullMarked;
