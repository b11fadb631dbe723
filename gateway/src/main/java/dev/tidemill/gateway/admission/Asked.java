package dev.tidemill.gateway.admission;

import dev.tidemill.gateway.access.Caller;

/// Who asks for what.
///
/// @param model as the client calls it; empty when the request names none
/// @param route empty when it goes to a model by its own path
public record Asked(Caller caller, String model, String route) {}
