package dev.tidemill.spec;

import dev.tidemill.spec.yaml.DocumentScope;
import dev.tidemill.spec.yaml.Located;
import dev.tidemill.spec.yaml.Nearest;
import dev.tidemill.spec.yaml.ValueTypes;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Who the documents of one file are, what they say of each other and what they will register.
/// Documents with problems of their own count too, so that one mistake makes one problem.
final class Declarations {
    private static final int LISTED = 5;

    private final Map<Kind, Map<String, Declaration>> declared = new EnumMap<>(Kind.class);
    private final Set<String> ofUnknownKind = new HashSet<>();
    private final List<Reference> references = new ArrayList<>();
    private final Set<Source.Registry> promised = new HashSet<>();

    Declarations() {
        for (Kind kind : Kind.values()) {
            declared.put(kind, new LinkedHashMap<>());
        }
    }

    /// @param line of the name
    Declaration declare(DocumentScope scope, Kind kind, String name, int line) {
        Declaration own = new Declaration(kind, name, line);
        Map<String, Declaration> others = declared.getOrDefault(kind, Map.of());
        Declaration same = others.get(name);
        if (same != null) {
            scope.problem(
                    line,
                    "metadata.name",
                    name,
                    "a name of its own; the %s on line %d has it too"
                            .formatted(kind.text(), same.line()));
            return own;
        }
        namesake(kind, name)
                .ifPresent(other ->
                        scope.problem(
                                line,
                                "metadata.name",
                                name,
                                "a name that no Model and no other App has; the %s on line %d has it"
                                        .formatted(other.kind().text(), other.line())));
        if (kind == Kind.GATEWAY && !others.isEmpty()) {
            Declaration first = others.values().iterator().next();
            scope.problem(
                    line,
                    "kind",
                    kind.text(),
                    "one Gateway in a file; %s is on line %d".formatted(first, first.line()));
        }
        others.put(name, own);
        return own;
    }

    /// What has replicas is called by its name alone: one that is scaled, or whose logs are read.
    private Optional<Declaration> namesake(Kind kind, String name) {
        return switch (kind) {
            case MODEL -> Optional.ofNullable(of(Kind.APP).get(name));
            case APP -> Optional.ofNullable(of(Kind.MODEL).get(name));
            case TRAINING, GATEWAY, ENVIRONMENT -> Optional.empty();
        };
    }

    private Map<String, Declaration> of(Kind kind) {
        return declared.getOrDefault(kind, Map.of());
    }

    /// A document that nobody can tell the kind of: what refers to its name may be right.
    void declareOfUnknownKind(String name) {
        ofUnknownKind.add(name);
    }

    void refer(DocumentScope scope, Optional<Declaration> from, Kind kind, Located<String> target) {
        references.add(new Reference(scope, from, kind, target));
    }

    void promise(Source.Registry version) {
        promised.add(version);
    }

    Set<Source.Registry> promised() {
        return Set.copyOf(promised);
    }

    /// References to names that no document has. Not to be asked of a part of a file.
    void findDangling() {
        for (Reference reference : references) {
            String name = reference.target().value();
            if (target(reference).isEmpty() && !ofUnknownKind.contains(name)) {
                reference.problem(
                        name, reference.scope().isFull() ? "" : existing(reference.kind(), name));
            }
        }
    }

    void findCycles() {
        Map<Declaration, List<Cycles.Edge>> edges = new LinkedHashMap<>();
        for (Reference reference : references) {
            Optional<Declaration> target = target(reference);
            if (reference.from().isPresent() && target.isPresent()) {
                edges.computeIfAbsent(reference.from().get(), _ -> new ArrayList<>())
                        .add(new Cycles.Edge(reference, reference.from().get(), target.get()));
            }
        }
        new Cycles(edges).find();
    }

    private Optional<Declaration> target(Reference reference) {
        return Optional.ofNullable(
                declared.getOrDefault(reference.kind(), Map.of()).get(reference.target().value()));
    }

    private String existing(Kind kind, String name) {
        List<String> names = List.copyOf(declared.getOrDefault(kind, Map.of()).keySet());
        if (names.isEmpty()) {
            return "%s of this file; it has none".formatted(kind.oneOf());
        }
        String list = names.size() > LISTED ? "" : ": " + ValueTypes.words(names);
        return "%s of this file%s%s".formatted(kind.oneOf(), list, Nearest.hint(name, names));
    }

    /// A document that says who it is, whether or not the rest of it is right.
    ///
    /// @param line of its name
    record Declaration(Kind kind, String name, int line) {
        @Override
        public String toString() {
            return kind.text() + "/" + name;
        }
    }

    /// One document that names another.
    ///
    /// @param from empty when that document's own name is missing or wrong
    record Reference(
            DocumentScope scope, Optional<Declaration> from, Kind kind, Located<String> target) {
        void problem(String value, String expected) {
            scope.problem(target.line(), target.path(), value, expected);
        }
    }
}
