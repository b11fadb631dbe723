/// `POST /predict`: one text in, one label out.
@NullMarked
package dev.tidemill.server.protocol.predict;

import org.jspecify.annotations.NullMarked;
