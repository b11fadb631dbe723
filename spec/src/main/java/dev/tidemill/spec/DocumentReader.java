package dev.tidemill.spec;

import dev.tidemill.common.ResourceName;
import dev.tidemill.spec.Declarations.Declaration;
import dev.tidemill.spec.yaml.DocumentScope;
import dev.tidemill.spec.yaml.Findings;
import dev.tidemill.spec.yaml.Key;
import dev.tidemill.spec.yaml.MappingCursor;
import dev.tidemill.spec.yaml.Shape;
import dev.tidemill.spec.yaml.YamlDocument;
import dev.tidemill.spec.yaml.YamlNode;
import java.util.Optional;

/// Reads one document: first who it is, so that every problem can say so, then all of it.
final class DocumentReader {
    private final Findings findings;
    private final Declarations declarations;

    DocumentReader(Findings findings, Declarations declarations) {
        this.findings = findings;
        this.declarations = declarations;
    }

    /// The resource, unless the document has problems.
    Optional<Resource> read(YamlDocument document) {
        if (!(document.root() instanceof YamlNode.Mapping root)) {
            YamlNode node = document.root();
            findings.add(
                    node.line(),
                    "document " + document.number(),
                    node.shown(),
                    "a mapping with the keys apiVersion, kind, metadata and spec");
            return Optional.empty();
        }
        Optional<Kind> kind = text(root, EnvelopeKeys.KIND).flatMap(Kind::of);
        Optional<String> name =
                root.find(EnvelopeKeys.METADATA.name())
                        .flatMap(node -> text(node, EnvelopeKeys.NAME))
                        .filter(ResourceName::isValid);
        DocumentScope scope =
                new DocumentScope(findings, subject(kind, name, document), document.isSound());
        if (kind.isEmpty()) {
            readOfUnknownKind(scope, root);
            name.ifPresent(declarations::declareOfUnknownKind);
            return Optional.empty();
        }
        Resource resource = read(scope, document, root, kind.get());
        return scope.isSound() ? Optional.of(resource) : Optional.empty();
    }

    private Resource read(
            DocumentScope scope, YamlDocument document, YamlNode.Mapping root, Kind kind) {
        Shape shape = kind.spec();
        MappingCursor envelope = MappingCursor.root(scope, root, EnvelopeKeys.envelope(shape));
        envelope.get(EnvelopeKeys.API_VERSION);
        envelope.get(EnvelopeKeys.KIND);
        MappingCursor metadata = envelope.child(EnvelopeKeys.METADATA);
        Optional<Declaration> declaration =
                metadata.locate(EnvelopeKeys.NAME)
                        .map(at -> declarations.declare(scope, kind, at.value(), at.line()));
        DocumentContext context =
                new DocumentContext(
                        findings.file(),
                        document,
                        scope,
                        metadata(metadata),
                        declaration,
                        declarations);
        MappingCursor spec = envelope.child(EnvelopeKeys.spec(shape));
        return switch (kind) {
            case TRAINING -> TrainingReader.read(context, spec);
            case MODEL -> ModelReader.read(context, spec);
            case APP -> AppReader.read(context, spec);
            case GATEWAY -> GatewayReader.read(context, spec);
            case ENVIRONMENT -> EnvironmentReader.read(context, spec);
        };
    }

    private static void readOfUnknownKind(DocumentScope scope, YamlNode.Mapping root) {
        MappingCursor envelope = MappingCursor.root(scope, root, EnvelopeKeys.envelope(Shape.of()));
        envelope.get(EnvelopeKeys.API_VERSION);
        envelope.get(EnvelopeKeys.KIND);
        envelope.child(EnvelopeKeys.METADATA).get(EnvelopeKeys.NAME);
    }

    private static Metadata metadata(MappingCursor metadata) {
        return new Metadata(
                metadata.get(EnvelopeKeys.NAME),
                metadata.find(EnvelopeKeys.DESCRIPTION).orElse(""));
    }

    private static String subject(
            Optional<Kind> kind, Optional<String> name, YamlDocument document) {
        if (kind.isEmpty()) {
            return "document " + document.number();
        }
        return name.map(found -> kind.get().text() + "/" + found)
                .orElse("%s (document %d)".formatted(kind.get().text(), document.number()));
    }

    private static Optional<String> text(YamlNode node, Key key) {
        return node instanceof YamlNode.Mapping mapping
                        && mapping.find(key.name()).orElse(null) instanceof YamlNode.Scalar scalar
                ? Optional.of(scalar.text())
                : Optional.empty();
    }
}
