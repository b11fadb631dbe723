package dev.tidemill.spec;

/// One document of a file. Its kind and name are unique in the file.
public sealed interface Resource permits Training, Model, App, Gateway, Environment {
    Metadata metadata();

    /// Where the document begins and where its keys are, for messages.
    Place place();

    default String name() {
        return metadata().name();
    }

    /// The `kind` as written in the file, such as `Training`.
    default String kind() {
        return getClass().getSimpleName();
    }
}
