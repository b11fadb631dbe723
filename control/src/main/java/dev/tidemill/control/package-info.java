/// The control plane's process: registry, training and the API over them.
@NullMarked
package dev.tidemill.control;

import org.jspecify.annotations.NullMarked;
