package dev.tidemill.server.protocol.openinference;

import java.util.Optional;

/// An entry of `outputs`.
///
/// @param binary whether its values are wanted behind the JSON; empty for the request's default
/// @param classes of the classification extension; 0 for the tensor itself
record RequestedOutput(String name, Optional<Boolean> binary, int classes) {}
