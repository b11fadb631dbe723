package dev.tidemill.server.modelconfig;

import java.util.List;

/// A configuration as it was written, text or JSON, before it means anything.
sealed interface Node {
    /// @param fields in the order of the file; a repeated field is there several times
    record Message(List<Field> fields) implements Node {
        public Message {
            fields = List.copyOf(fields);
        }
    }

    /// @param text without quotes and escapes
    record Scalar(Kind kind, String text) implements Node {}

    /// What a scalar looked like.
    enum Kind {
        STRING,
        NUMBER,
        /// An enum's name, `true` or `false`.
        WORD
    }

    /// @param place file, line and column, such as `config.pbtxt:3:5`; empty where none is known
    record Field(String name, String place, Node value) {}
}
