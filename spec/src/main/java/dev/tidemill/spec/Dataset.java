package dev.tidemill.spec;

import java.util.Optional;

/// A CSV file with a header line, plain or gzipped; any file or folder where a program of one's own
/// reads it.
///
/// @param path relative to the folder of the resource file, or absolute
/// @param label the column to predict; empty where a program is told none
/// @param text the column that text features are made of; without it every column other than the
///   label and the group is a numeric feature, in file order
/// @param group the column whose equal values stay on one side of every split
public record Dataset(String path, String label, Optional<String> text, Optional<String> group) {}
