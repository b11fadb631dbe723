package dev.tidemill.scaling.objective;

/// What is expected of the rate one horizon ahead.
///
/// @param level what the rate is now, smoothed
/// @param rate what it is expected to be at most until the horizon
/// @param spread one standard deviation of the forecast's own past errors
/// @param seasonal how much the usual day has to say in it, 0 to 1
/// @param sure how much of the level is more than chance, 1 from the first minute on
record Forecast(double level, double rate, double spread, double seasonal, double sure) {}
