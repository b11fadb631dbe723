package dev.tidemill.spec;

import dev.tidemill.spec.Declarations.Declaration;
import dev.tidemill.spec.yaml.DocumentScope;
import dev.tidemill.spec.yaml.Located;
import dev.tidemill.spec.yaml.YamlDocument;
import java.util.Optional;

/// What the reader of a kind gets besides the keys under `spec`.
///
/// @param declaration empty when the document's name is missing or wrong
record DocumentContext(
        String file,
        YamlDocument document,
        DocumentScope scope,
        Metadata metadata,
        Optional<Declaration> declaration,
        Declarations declarations) {

    Place place() {
        return new Place(file, document.root().line(), scope.lines());
    }

    /// Says that the document is about another one of that kind.
    void refersTo(Kind kind, Located<String> name) {
        declarations.refer(scope, declaration, kind, name);
    }

    /// Says that the document makes that version.
    void promises(Source.Registry version) {
        declarations.promise(version);
    }
}
