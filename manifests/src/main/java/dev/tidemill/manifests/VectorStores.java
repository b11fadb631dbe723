package dev.tidemill.manifests;

import dev.tidemill.spec.App;
import dev.tidemill.spec.cluster.VectorStore;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The Milvus of an environment, as apps are told of it: in words of their own, and in those of
/// Spring AI.
final class VectorStores {
    private static final String SPRING = "SPRING_AI_VECTORSTORE_MILVUS_";
    private static final String TOKEN = "token";

    private VectorStores() {}

    static Optional<VectorStore> of(Platform platform) {
        return platform.environment().state().vectorStore();
    }

    /// Without those that an app says itself.
    static List<Map<String, Object>> variables(Platform platform, App app) {
        Set<String> own = new HashSet<>(app.env().keySet());
        app.secrets().forEach(secret -> own.add(secret.env()));
        return of(platform).map(VectorStores::variables).orElse(List.of()).stream()
                .filter(variable -> !own.contains(String.valueOf(variable.get("name"))))
                .toList();
    }

    private static List<Map<String, Object>> variables(VectorStore store) {
        List<Map<String, Object>> variables = new ArrayList<>();
        for (String name : List.of("MILVUS_URI", SPRING + "CLIENT_URI")) {
            variables.add(Pods.variable(name, store.milvus().toString()));
        }
        store.database()
                .ifPresent(database -> {
                    variables.add(Pods.variable("MILVUS_DB", database));
                    variables.add(Pods.variable(SPRING + "DATABASENAME", database));
                });
        store.secretName()
                .ifPresent(secret -> {
                    variables.add(Pods.secretVariable("MILVUS_TOKEN", secret, TOKEN));
                    variables.add(Pods.secretVariable(SPRING + "CLIENT_TOKEN", secret, TOKEN));
                });
        return variables;
    }
}
