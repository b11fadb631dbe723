package dev.tidemill.spec.yaml;

/// One document of a file.
///
/// @param number from 1, empty documents not counted
/// @param text exactly as in the file, from the line `---`, if there is one, to the end
/// @param isSound whether making its nodes found no problem
public record YamlDocument(int number, YamlNode root, String text, boolean isSound) {}
