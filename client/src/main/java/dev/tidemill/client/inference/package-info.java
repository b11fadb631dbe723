/// A client of the Open Inference Protocol (v2, REST), usable against any server that speaks it.
@NullMarked
package dev.tidemill.client.inference;

import org.jspecify.annotations.NullMarked;
