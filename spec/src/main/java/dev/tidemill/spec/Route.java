package dev.tidemill.spec;

/// @param path such as `/predict`, matched as a whole
/// @param model name of a model in the same file
public record Route(String path, String model) {}
