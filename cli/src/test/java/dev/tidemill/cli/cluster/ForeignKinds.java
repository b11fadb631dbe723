package dev.tidemill.cli.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Definitions of kinds of others, as `dev/fetch-crds` left them in the folder that `TIDEMILL_CRDS`
/// names. Those that the cluster has already stay as they are; the rest goes again.
final class ForeignKinds implements AutoCloseable {
    private final StrictServer server;
    private final boolean given;
    private final List<Map<String, Object>> installed = new ArrayList<>();

    private ForeignKinds(StrictServer server, boolean given) {
        this.server = server;
        this.given = given;
    }

    /// @param wanted `GROUP KIND` of all that is to be looked at
    static ForeignKinds install(StrictServer server, Set<String> wanted) {
        Optional<Path> folder =
                Optional.ofNullable(System.getenv("TIDEMILL_CRDS"))
                        .filter(said -> !said.isEmpty())
                        .map(Path::of);
        ForeignKinds kinds = new ForeignKinds(server, folder.isPresent());
        try {
            folder.ifPresent(path -> kinds.install(path, wanted));
        } catch (RuntimeException | Error e) {
            kinds.close();
            throw e;
        }
        return kinds;
    }

    /// Whether nothing is missing that could be had: then a kind that the server does not know is
    /// one that does not exist.
    boolean areGiven() {
        return given;
    }

    private void install(Path folder, Set<String> wanted) {
        for (Map<String, Object> definition : definitions(folder)) {
            Map<String, Object> spec = ObjectTrees.map(definition.get("spec"));
            String kind = spec.get("group") + " " + ObjectTrees.map(spec.get("names")).get("kind");
            if (wanted.contains(kind) && !server.has(definition, "")) {
                installed.add(definition);
                server.keep(definition, "");
            }
        }
        for (Map<String, Object> definition : installed) {
            Waits.until(ObjectTrees.name(definition) + " is served", () -> isServed(definition));
        }
        server.lookAgain();
    }

    private boolean isServed(Map<String, Object> definition) {
        Map<String, Object> status =
                ObjectTrees.map(server.get(server.path(definition, "")).body().get("status"));
        return status.get("conditions") instanceof List<?> conditions
                && conditions.stream()
                        .map(ObjectTrees::map)
                        .anyMatch(one ->
                                "Established".equals(one.get("type"))
                                        && "True".equals(one.get("status")));
    }

    private static List<Map<String, Object>> definitions(Path folder) {
        List<Map<String, Object>> all = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".yaml")).toList()) {
                all.addAll(ObjectTrees.read(Files.readString(file)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all.stream()
                .filter(each -> ObjectTrees.kind(each).equals("CustomResourceDefinition"))
                .toList();
    }

    @Override
    public void close() {
        installed.forEach(definition -> server.remove(definition, ""));
    }
}
