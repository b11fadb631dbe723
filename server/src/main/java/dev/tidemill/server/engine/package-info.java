/// A model as clients see it: text or tensors in, tensors and labels out. Knows no protocol.
@NullMarked
package dev.tidemill.server.engine;

import org.jspecify.annotations.NullMarked;
