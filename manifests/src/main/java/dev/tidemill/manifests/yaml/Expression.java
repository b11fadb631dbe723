package dev.tidemill.manifests.yaml;

/// Text of a template in the place of a value: written as it is.
///
/// @param text in which `@INDENT@` stands for the column of what is inside the value
public record Expression(String text) {
    public static final String INDENT = "@INDENT@";
}
