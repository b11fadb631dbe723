/// A model as clients see it: text or tensors in, tensors and labels out. Knows no protocol.
/// [ServedModel] is made of [ClientTensors] (what goes in and out), [BatchingChoice] (whether
/// requests are joined, and why not) and an [Execution] (a queue, or a graph of other models).
@NullMarked
package dev.tidemill.server.engine;

import org.jspecify.annotations.NullMarked;
