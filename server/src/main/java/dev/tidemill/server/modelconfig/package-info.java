/// How a model is to be served, in Triton's vocabulary (`config.pbtxt`): batching, queue policies,
/// versions, instances, ensembles. Records only; every part has a default that needs no file.
@NullMarked
package dev.tidemill.server.modelconfig;

import org.jspecify.annotations.NullMarked;
