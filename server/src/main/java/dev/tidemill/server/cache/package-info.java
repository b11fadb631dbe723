/// Answers that are kept so that the same question need not be run twice. Off unless the server has
/// room for them and the model's configuration asks for it.
@NullMarked
package dev.tidemill.server.cache;

import org.jspecify.annotations.NullMarked;
