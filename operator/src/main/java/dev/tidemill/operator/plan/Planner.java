package dev.tidemill.operator.plan;

import dev.tidemill.manifests.AppObjects;
import dev.tidemill.manifests.GatewayStore;
import dev.tidemill.manifests.KubeObject;
import dev.tidemill.manifests.Manifests;
import dev.tidemill.manifests.Platform;
import dev.tidemill.manifests.SplitObjects;
import dev.tidemill.manifests.TrainingObjects;
import dev.tidemill.manifests.yaml.YamlWriter;
import dev.tidemill.spec.App;
import dev.tidemill.spec.Environment;
import dev.tidemill.spec.Gateway;
import dev.tidemill.spec.Model;
import dev.tidemill.spec.ModelPool;
import dev.tidemill.spec.ParsedSpec;
import dev.tidemill.spec.Resource;
import dev.tidemill.spec.ResourceKind;
import dev.tidemill.spec.SpecParser;
import dev.tidemill.spec.Training;
import dev.tidemill.spec.cluster.NetworkRules;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Makes plans. The same resources always give the same plan.
///
/// @param release the version of this program, which is the tag of its image
public record Planner(GatewayText gatewayText, String release) {
    /// Of a namespace with nothing in it nothing is made.
    public Plan plan(String namespace, List<Declared> all) {
        List<Declared> declared =
                all.stream()
                        .sorted(
                                Comparator.comparing((Declared one) -> one.owner().kind())
                                        .thenComparing(one -> one.owner().name()))
                        .toList();
        if (declared.isEmpty()) {
            return new Plan(Map.of(), Map.of(), Map.of(), List.of(), List.of(), Optional.empty());
        }
        Draft draft = new Draft(namespace, declared);
        ParsedSpec parsed = parse(declared);
        draft.add(parsed.problems());
        draft.add(AppObjects.problems(only(parsed.resources(), App.class)));
        List<Resource> sound = draft.sound(parsed.resources());
        Optional<Environment> environment = only(sound, Environment.class).stream().findFirst();
        List<Model> models = draft.whole(only(sound, Model.class));
        Optional<Gateway> gateway =
                only(sound, Gateway.class).stream()
                        .findFirst()
                        .map(one -> environment.map(in -> GatewayStore.in(in, one)).orElse(one));
        List<App> apps = draft.wholeApps(only(sound, App.class));
        NetworkRules network = environment.map(Environment::network).orElse(NetworkRules.DEFAULT);
        Optional<String> text =
                gateway.flatMap(one -> draft.text(gatewayText, one, models, apps, network));
        Platform platform =
                new Platform(
                        models,
                        apps,
                        text.isPresent() ? gateway : Optional.empty(),
                        environment.map(Planner::inItsNamespace).orElse(Platform.ANY),
                        text,
                        release);
        draft.add(SplitObjects.problems(platform));
        Map<Owner, List<KubeObject>> objects =
                byOwner(Manifests.of(platform), gateway, environment);
        for (Training training : only(sound, Training.class)) {
            List<KubeObject> made = TrainingObjects.of(platform, training);
            if (!made.isEmpty()) {
                objects.put(new Owner("Training", training.name()), made);
            }
        }
        objects.keySet().removeIf(owner -> draft.isLeft(owner));
        return new Plan(
                objects, draft.problems(), draft.held(), ModelPool.of(models), apps, environment);
    }

    private static ParsedSpec parse(List<Declared> declared) {
        List<Map<String, Object>> documents = declared.stream().map(Planner::document).toList();
        byte[] text = YamlWriter.documents(documents).getBytes(StandardCharsets.UTF_8);
        List<String> environments =
                declared.stream()
                        .map(Declared::owner)
                        .filter(owner -> owner.kind().equals("Environment"))
                        .map(Owner::name)
                        .toList();
        return environments.size() == 1
                ? SpecParser.parseIn(environments.getFirst(), "cluster", text)
                : SpecParser.parse("cluster", text);
    }

    private static Map<String, Object> document(Declared one) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("apiVersion", ResourceKind.GROUP + "/" + ResourceKind.VERSION);
        document.put("kind", one.owner().kind());
        document.put("metadata", Map.of("name", one.owner().name()));
        document.put("spec", one.spec());
        return document;
    }

    /// The namespace is there, and where its resources are is where their objects go.
    private static Environment inItsNamespace(Environment environment) {
        return new Environment(
                environment.metadata(),
                environment.place(),
                Optional.empty(),
                environment.rules(),
                environment.image(),
                environment.labels(),
                environment.annotations(),
                environment.storageClassName(),
                environment.scaling(),
                environment.control(),
                environment.network(),
                environment.monitoring(),
                environment.priority(),
                environment.state(),
                environment.patches());
    }

    private static Map<Owner, List<KubeObject>> byOwner(
            List<KubeObject> objects,
            Optional<Gateway> gateway,
            Optional<Environment> environment) {
        Owner shared =
                environment
                        .map(one -> new Owner("Environment", one.name()))
                        .orElse(Owner.NAMESPACE);
        Map<Owner, List<KubeObject>> byOwner = new HashMap<>();
        for (KubeObject object : objects) {
            Owner owner =
                    switch (object.label("app.kubernetes.io/component").orElse("")) {
                        case "server", "app", "prewarm" -> owner(object);
                        case "gateway" -> new Owner("Gateway", gateway.orElseThrow().name());
                        default -> shared;
                    };
            byOwner.computeIfAbsent(owner, _ -> new ArrayList<>()).add(object);
        }
        return byOwner;
    }

    private static Owner owner(KubeObject object) {
        return object.label("tidemill.dev/model")
                .map(model -> new Owner("Model", model))
                .orElseGet(() -> new Owner("App", object.label("tidemill.dev/app").orElseThrow()));
    }

    private static <T extends Resource> List<T> only(List<Resource> resources, Class<T> kind) {
        return resources.stream().filter(kind::isInstance).map(kind::cast).toList();
    }
}
